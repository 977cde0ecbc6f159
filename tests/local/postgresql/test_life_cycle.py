"""The tests of `tests.real.test_life_cycle`, with the service's records in PostgreSQL."""

from tests.real.test_life_cycle import *  # noqa: F403
