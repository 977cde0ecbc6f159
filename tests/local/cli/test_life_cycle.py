"""The tests of `tests/cli/test_life_cycle.py`, against the embedded service."""

from tests.cli.test_life_cycle import *  # noqa: F403
