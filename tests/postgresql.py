"""A PostgreSQL server of the tests' own, on loopback, made of the programs that this machine has."""

import os
import pwd
import shutil
import socket
import subprocess
import time
import uuid
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text


def program(name):
    """Where a program of PostgreSQL is, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    return shutil.which(name) or (found[-1] if found else None)


def account():
    """Options of `subprocess` for another user than root, as which PostgreSQL refuses to run."""
    if os.geteuid():
        return {}
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    pytest.skip("PostgreSQL does not run as root, and there is no user postgres or nobody")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory):
    """URL of a server without its database's name."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: the extra `postgresql` brings it")
    initdb, postgres = program("initdb"), program("postgres")
    if not initdb or not postgres:
        pytest.skip("no PostgreSQL server is installed (neither in PATH nor under /usr/lib/postgresql)")
    identity = account()
    folder = Path(tmp_path_factory.mktemp("postgresql"))
    if identity:
        os.chown(folder, identity["user"], identity["group"])
        for parent in folder.parents:  # pytest's folders are private
            if parent.owner() == "root" and str(parent).startswith(str(tmp_path_factory.getbasetemp().parent)):
                parent.chmod(parent.stat().st_mode | 0o011)
    data, port = folder / "data", free_port()
    words = [initdb, "-D", data, "-U", "sahara", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True, timeout=60, **identity)
    options = ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
    with (folder / "log").open("wb") as log:
        words = [postgres, "-D", data, "-p", str(port), *options]
        process = subprocess.Popen(words, cwd=folder, stdout=log, stderr=log, **identity)
    url = f"postgresql+psycopg://sahara@127.0.0.1:{port}"
    try:
        wait_for(url, process, folder / "log")
        yield url
    finally:
        process.terminate()
        process.wait(20)


def wait_for(url, process, log):
    engine = create_engine(f"{url}/postgres", connect_args={"connect_timeout": 2})
    deadline = time.monotonic() + 30
    while True:
        try:
            engine.connect().close()
            break
        except Exception:
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
    engine.dispose()


@pytest.fixture(scope="session")
def new_postgresql(postgresql_server):
    """Makes an empty database and answers its URL."""
    server = postgresql_server
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")

    def make():
        name = f"sahara_{uuid.uuid4().hex[:8]}"
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return f"{server}/{name}"

    yield make
    engine.dispose()
