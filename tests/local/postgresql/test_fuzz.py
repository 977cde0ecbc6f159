"""The requests of `tests.local.promises.fuzz`, with PostgreSQL, which takes less than SQLite."""

from tests.local.promises.fuzz.conftest import target  # noqa: F401
from tests.local.promises.fuzz.test_parsers import test_bodies_that_are_hardly_json, test_odd_values_in_every_place
from tests.local.promises.fuzz.test_raw import *  # noqa: F403

__all__ = ["test_bodies_that_are_hardly_json", "test_odd_values_in_every_place"]
