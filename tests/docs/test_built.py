"""The manual as it was built last: nothing of a parser's templates is left in it. CI builds it before these tests."""

import pytest

from tests.docs import pages

BUILT = pages.ROOT / "build" / "docs"


def test_defaults_are_filled_in():
    """A default in an option's help is `%(default)s`, for the program that prints it."""
    built = sorted(BUILT.rglob("*.html"))
    if not built:
        pytest.skip("the manual has not been built: make docs")
    assert len(built) > len(pages.pages())  # the pages, and an index and the like
    assert not [str(page.relative_to(BUILT)) for page in built if "%(" in page.read_text()]
