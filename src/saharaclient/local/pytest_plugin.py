"""Fixtures for test suites of programs that use Sahara: a service for the whole run, and a client of it.

They come with the package: nothing must be imported. The service starts with the first test that asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from saharaclient.local import LocalSahara


@pytest.fixture(scope="session")
def local_sahara() -> Iterator[LocalSahara]:
    """A `LocalSahara` that runs until the last test, with a temporary state."""
    from saharaclient.local import LocalSahara  # test runs that don't ask for it must not need the extra `local`

    with LocalSahara() as sahara:
        yield sahara


@pytest.fixture
def sahara_client(local_sahara: LocalSahara) -> Any:
    """A Sahara client of API version 2, as the administrator of the service."""
    return local_sahara.client("2")
