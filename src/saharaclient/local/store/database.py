"""The connection to the database, shared by every part of the service. It knows no table."""

from __future__ import annotations

import logging
import threading
from collections import deque
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from sqlalchemy import JSON, String, create_engine, event, inspect, make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from saharaclient.local.store import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.orm import ORMExecuteState
    from sqlalchemy.pool import ConnectionPoolEntry

LOGGING_NAME = "sahara-local"  # the end of the name of the engine's logger
BUSY_TIMEOUT = 30.0  # seconds a writer waits for another one
READINGS = 5  # of something that is replaced again and again while it is read
WRITERS = 8386  # number of the PostgreSQL lock that writers queue for, in a database of their own

T = TypeVar("T")


class _Queue:
    """A lock that is had in the order in which it was asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for the turn, and has it while the block runs."""
        mine = threading.Lock()
        mine.acquire()
        with self._lock:
            if self._taken:
                self._waiting.append(mine)
            else:
                self._taken = True
                mine.release()
        with mine:
            try:
                yield
            finally:
                with self._lock:
                    if self._waiting:
                        self._waiting.popleft().release()
                    else:
                        self._taken = False


class Base(DeclarativeBase):
    """What every table of the service derives from. `dict` and `list` columns hold JSON."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own declaration
        dict[str, Any]: JSON,
        list[Any]: JSON,
        list[str]: JSON,
        list[dict[str, Any]]: JSON,
    }


class Database:
    """A database by its SQLAlchemy URL, used from many threads at once.

    Args:
        url: For example `sqlite:////var/lib/sahara/sahara.db` or `postgresql+psycopg://user:password@host/name`.
    """

    def __init__(self, url: str) -> None:
        backend = make_url(url).get_backend_name()
        is_sqlite = backend == "sqlite"
        # A request holds a connection as long as its transaction; the pool must not be smaller than the threads.
        options: dict[str, Any] = {"connect_args": {"timeout": BUSY_TIMEOUT}} if is_sqlite else {"pool_pre_ping": True}
        # Values can be users' credentials: they belong neither into an error nor into a log. Each statement would cost
        # as much again to log as to run.
        logging.getLogger(f"sqlalchemy.engine.Engine.{LOGGING_NAME}").setLevel(logging.WARNING)
        self.engine = create_engine(
            url,
            pool_size=20,
            max_overflow=60,
            hide_parameters=True,
            logging_name=LOGGING_NAME,
            json_serializer=_to_json,
            json_deserializer=msgspec.json.decode,
            **options,
        )
        self._writers = _Queue()
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._changes = 0
        if is_sqlite:
            event.listen(self.engine, "connect", _configure_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        reading: dict[str, Any] = {"read_only": True}
        if backend == "postgresql":
            event.listen(self.engine, "begin", _begin_postgresql)
            reading |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._readers = sessionmaker(self.engine.execution_options(**reading), expire_on_commit=False)

    def create(self) -> None:
        """Makes the tables that are missing, of every part that has been imported, and brings older ones up to date.

        Raises:
            NewerSchemaError: the tables are those of a newer release.
        """
        file = self.engine.url.database if self.engine.dialect.name == "sqlite" else None
        if file and file != ":memory:":
            Path(file).touch(mode=0o600)  # SQLite would let others read it
        with self.engine.begin() as connection:
            schema.prepare(connection, Base.metadata)

    @contextmanager
    def session(self, *, read_only: bool = False) -> Iterator[Session]:
        """Runs a block in one transaction: committed when the block ends, rolled back when it raises.

        Args:
            read_only: Promises not to write. Such a block neither waits for a writer nor makes one wait, and sees
                everything as it was at one moment.

        Yields:
            The session. Objects loaded through it stay readable after the block.
        """
        if read_only:
            with self._readers.begin() as session:
                yield session
            return
        # Writers wait here, in turn: SQLite's own waiting is by chance, and some would wait until they fail.
        with self._writers.turn():
            try:
                with self._sessions.begin() as session:
                    yield session
            finally:
                self._changes += 1

    @property
    def changes(self) -> int:
        """How often something may have been changed: what was read when it was as high is still so."""
        return self._changes

    def read(self, work: Callable[[Session], T]) -> T:
        """Runs a function of a session that does not write.

        Where a file that a record named is gone, the record was replaced or deleted meanwhile: it is run again, and
        finds what is there now.

        Args:
            work: The function.

        Returns:
            What it answers.

        Raises:
            FileNotFoundError: if the file of a record is lost.
        """
        for _ in range(READINGS - 1):
            with suppress(FileNotFoundError), self.session(read_only=True) as session:
                return work(session)
        with self.session(read_only=True) as session:
            return work(session)

    def watch(self, tables: tuple[type, ...], changed: Callable[[], None]) -> None:
        """Calls a function after each transaction that has changed or deleted records of some tables.

        Args:
            tables: The tables.
            changed: The function. It is called once the changes can be read, before the writer goes on.
        """

        def note(session: Session, *_: Any) -> None:
            records = [*session.dirty, *session.deleted]
            if any(isinstance(record, tables) for record in records):
                session.info[changed] = True

        def note_bulk(state: ORMExecuteState) -> None:
            mapper = state.bind_mapper
            if (state.is_update or state.is_delete) and mapper is not None and issubclass(mapper.class_, tables):
                state.session.info[changed] = True

        def tell(session: Session) -> None:
            if session.info.pop(changed, False):
                changed()

        event.listen(self._sessions, "before_flush", note)
        event.listen(self._sessions, "do_orm_execute", note_bulk)
        event.listen(self._sessions, "after_commit", tell)

    def close(self) -> None:
        """Closes every pooled connection."""
        self.engine.dispose()


class TooLongError(ValueError):
    """A text that its column has no room for."""


@event.listens_for(Session, "before_flush")
def _check_lengths(session: Session, *_: Any) -> None:
    # SQLite takes any length, PostgreSQL fails the whole transaction: here both refuse the same, by name.
    for record in [*session.new, *session.dirty]:
        for name, length in _lengths(type(record)):  # type: ignore[arg-type]
            value = vars(record).get(name)
            if isinstance(value, str) and len(value) > length:
                raise TooLongError(f"'{name}' must have at most {length} characters, not {len(value)}.")


@cache
def _lengths(table: type) -> list[tuple[str, int]]:
    columns: dict[str, Any] = dict(inspect(table).columns)
    return [(name, c.type.length) for name, c in columns.items() if isinstance(c.type, String) and c.type.length]


def _to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _configure_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # BEGIN is ours, below: the driver's own comes too late
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later cannot wait for another writer: SQLite fails it at once, because
    # what it has read is out of date. Taking the write lock at the beginning makes writers queue for BUSY_TIMEOUT.
    read_only = connection.get_execution_options().get("read_only", False)
    driver = connection.connection.driver_connection  # at once: SQLAlchemy's own way costs more than the statement
    assert driver is not None  # noqa: S101 - a connection that begins has one
    driver.execute("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    # Writers queue as they do on SQLite: what is checked first and written later is never checked in vain.
    if not connection.get_execution_options().get("read_only", False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS})")
