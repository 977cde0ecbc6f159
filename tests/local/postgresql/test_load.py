"""The clients of `tests.local.promises.load.test_clients`, for a shorter time, with records in PostgreSQL."""

from tests.local.promises.load.test_clients import serve_clients

SECONDS = 15


def test_64_clients_at_once(tmp_path, new_database):
    serve_clients(tmp_path / "state", SECONDS, "--database", new_database())
