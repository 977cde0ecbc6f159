"""The manual as it was built last: nothing of a parser's templates is left in it. CI builds it before these tests."""

import re

import pytest

from tests.docs import pages

BUILT = pages.ROOT / "build" / "docs"


@pytest.fixture(scope="module")
def built():
    """The text of each page by its name: those of the manual, and an index and the like."""
    found = {str(page.relative_to(BUILT)): page.read_text() for page in sorted(BUILT.rglob("*.html"))}
    if not found:
        pytest.skip("the manual has not been built: make docs")
    assert len(found) > len(pages.pages())
    return found


def test_defaults_are_filled_in(built):
    """A default in an option's help is `%(default)s`, for the program that prints it."""
    assert not [name for name, text in built.items() if "%(" in text]


def test_options_have_their_hyphens(built):
    """Two of them are no dash, in whatever text they stand."""
    assert not [name for name, text in built.items() if re.search(r"[ (\u2013]\u2013[a-z]", text)]
