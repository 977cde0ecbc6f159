"""The tests of `tests/real/test_life_cycle.py`, against the embedded service."""

from tests.real.test_life_cycle import *  # noqa: F403
