"""Lets the threads of Sahara and Keystone take turns at SQLite until each has had its own.

SQLite gives up after some seconds, and Sahara's green threads all stand still meanwhile, the one that has the lock among
them. Here a statement that finds the database locked gives way to the others and is tried again; and a transaction
takes the lock when it begins, since two that read and then want to write would wait for one another. Python runs this at
its start; it is copied into the environments of both.
"""

import sqlite3
import time

PATIENCE, PAUSE = 60.0, 0.02  # seconds
connect = sqlite3.connect


def patiently(call, *words):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return call(*words)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
        time.sleep(PAUSE)


class Cursor(sqlite3.Cursor):
    def execute(self, statement, *words):
        return patiently(super().execute, "BEGIN IMMEDIATE" if statement == "BEGIN" else statement, *words)

    def executemany(self, *words):
        return patiently(super().executemany, *words)


class Connection(sqlite3.Connection):
    def cursor(self, factory=Cursor):
        return super().cursor(factory)

    def commit(self):
        return patiently(super().commit)


def connect_patiently(*words, **options):
    return connect(*words, **{"factory": Connection, **options, "timeout": 0})


sqlite3.connect = sqlite3.dbapi2.connect = connect_patiently
