"""The tests of `tests/cli/test_bad_input.py`, against the embedded service."""

from tests.cli.test_bad_input import *  # noqa: F403
