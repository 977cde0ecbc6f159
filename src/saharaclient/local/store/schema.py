"""The version of the tables: stored beside them, so that an older folder is brought up to date and a newer one refused.

A release that changes a table adds a step to `STEPS`. Tables that are new need none: they are made where missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, inspect, select, text, update

import saharaclient

if TYPE_CHECKING:
    from sqlalchemy import Connection

# What makes a schema the next one, each in SQL that SQLite and PostgreSQL take. The first schema is that of 5.0.0,
# which did not say so.
STEPS: tuple[tuple[str, ...], ...] = (
    ("ALTER TABLE job_executions ADD COLUMN places JSON",),  # 2: 5.1
    ("ALTER TABLE identity_tokens ADD COLUMN grant_id VARCHAR(64)",),  # 3: 5.1
)
VERSION = 1 + len(STEPS)

_marks = MetaData()
_mark = Table("schema_version", _marks, Column("version", Integer), Column("release", String(80)))


class NewerSchemaError(Exception):
    """The tables are those of a newer release."""


def prepare(connection: Connection, tables: MetaData) -> None:
    """Makes the tables that are missing and brings those of an earlier release up to date, in one transaction.

    Args:
        connection: In a transaction.
        tables: What the tables of this release are.

    Raises:
        NewerSchemaError: with both releases, where this one is the older.
    """
    there = set(inspect(connection).get_table_names())
    _marks.create_all(connection)
    marked = connection.execute(select(_mark)).first()
    version, release = (marked.version, marked.release) if marked else (1, "5.0.0")
    if version > VERSION:
        raise NewerSchemaError(
            f"it was last used by python-saharaclient {release} (schema {version}), and this is the older "
            f"{saharaclient.__version__} (schema {VERSION}): use that release or a newer one, or another state folder"
        )
    if there & set(tables.tables):
        for step in STEPS[version - 1 :]:
            for statement in step:
                connection.execute(text(statement))
    tables.create_all(connection)
    if marked is None:
        connection.execute(insert(_mark).values(version=VERSION, release=saharaclient.__version__))
    elif version < VERSION or release != saharaclient.__version__:
        connection.execute(update(_mark).values(version=VERSION, release=saharaclient.__version__))
