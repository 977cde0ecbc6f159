"""The tests of `tests/cli/test_recorded.py`, against the embedded service."""

from tests.cli.test_recorded import *  # noqa: F403
