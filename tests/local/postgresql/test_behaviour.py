"""The tests of `tests.real.test_behaviour`, with the service's records in PostgreSQL."""

from tests.real.test_behaviour import *  # noqa: F403
