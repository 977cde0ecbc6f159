"""Callers by their tokens, remembered: most tokens come with many requests."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from saharaclient.local.neighbours.identity import tokens
from saharaclient.local.neighbours.identity.records import (
    ApplicationCredential,
    Assignment,
    Project,
    Token,
    Trust,
    User,
)

if TYPE_CHECKING:
    from saharaclient.local.store.database import Database
    from saharaclient.local.web.caller import Identity

MOST = 1000  # tokens


class Callers:
    """Who is behind a token. What is known is forgotten when a token, user, project, role or grant is changed or goes.

    Args:
        database: Where they are. Nobody else may write there.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._known: dict[str, Identity] = {}
        self._changes = 0
        database.watch((Token, User, Project, Assignment, ApplicationCredential, Trust), self._forget)

    def _forget(self) -> None:
        with self._lock:
            self._changes += 1
            self._known.clear()

    def recall(self, token: str) -> Identity | None:
        """The caller whom a valid token stands for, if it is remembered. It never waits."""
        known = self._known.get(tokens.hashed(token))
        return known if known is not None and known.expires_at > datetime.now(UTC) else None

    def identify(self, token: str) -> Identity | None:
        """The caller whom a valid token stands for, by the records; `None` for any other token."""
        changes = self._changes
        with self._database.session(read_only=True) as session:
            found = tokens.identify(session, token)
        with self._lock:
            if found is not None and changes == self._changes:  # else it may be out of date already
                if len(self._known) >= MOST:
                    self._known.clear()
                self._known[tokens.hashed(token)] = found
        return found
