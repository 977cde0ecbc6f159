"""The requests of `tests.local.fuzz.test_raw`, with PostgreSQL, which takes less than SQLite."""

from tests.local.fuzz.conftest import target  # noqa: F401
from tests.local.fuzz.test_raw import *  # noqa: F403
