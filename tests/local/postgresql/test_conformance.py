"""The tests of `tests.local.conformance.test_conformance`, with the service's records in PostgreSQL."""

from tests.local.conformance.test_conformance import *  # noqa: F403
