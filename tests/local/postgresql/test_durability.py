"""The kills of `tests.local.promises.durability.test_kill`, a few of them, with the service's records in PostgreSQL."""

from tests.local.promises.durability.test_kill import kill_again_and_again

ROUNDS, STARTS_KILLED = 5, 1


def test_what_was_answered_survives_kill_9(tmp_path, new_database):
    kill_again_and_again(tmp_path / "state", ROUNDS, STARTS_KILLED, "--database", new_database())
