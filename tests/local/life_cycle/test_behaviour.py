"""The tests of `tests/real/test_behaviour.py`, against the embedded service."""

from tests.real.test_behaviour import *  # noqa: F403
