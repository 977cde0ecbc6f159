"""The tests of `tests/cli/test_options.py`, against the embedded service."""

from tests.cli.test_options import *  # noqa: F403
