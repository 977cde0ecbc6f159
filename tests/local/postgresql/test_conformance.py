"""The tests of `tests.local.sahara.api.test_conformance`, with the service's records in PostgreSQL."""

from tests.local.sahara.api.test_conformance import *  # noqa: F403
