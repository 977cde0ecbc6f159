"""The tests of `tests/cli/test_program.py`, against the embedded service."""

from tests.cli.test_program import *  # noqa: F403
