"""Every block of code in the README and the manual runs as it stands, against the embedded service."""

import os
import re

import pytest

from tests.docs import pages

FENCE = re.compile(r"^(?:```+|~~~+)(\S*)[ ]*$\n(.*?)^(?:```+|~~~+)[ ]*$", re.MULTILINE | re.DOTALL)
SKIP = re.compile(r'^(?:% |<!-- )skip: next "([^"]+)"', re.MULTILINE)
WITH_CODE = [path for path in pages.pages() if list(pages.parse(path).examples())]
NOT_RUN = [
    pytest.param(match[1], id=f"{pages.named(path)}-{number}")
    for path in pages.pages()
    for number, match in enumerate(SKIP.finditer(path.read_text()), 1)
]
NUMBER_NOT_RUN = 12


@pytest.fixture(scope="session")
def prepared_state(tmp_path_factory):
    """The state of a service on which the page of preparations was followed."""
    folder = tmp_path_factory.mktemp("prepared")
    with pages.service(folder, None) as shell:
        pages.run(pages.PREPARATION, shell)
    return folder / "service"


@pytest.fixture
def shell(tmp_path, monkeypatch, prepared_state):
    with pages.service(tmp_path, prepared_state) as shell:
        for name in os.environ.keys() - shell.environment.keys():
            monkeypatch.delenv(name)
        for name, value in shell.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        yield shell


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")  # openstacksdk's, on itself
@pytest.mark.filterwarnings("ignore:Passing a user's credentials:DeprecationWarning")
@pytest.mark.parametrize("path", [p for p in WITH_CODE if p != pages.PREPARATION], ids=pages.named)
def test_code(path, shell):
    assert pages.run(path, shell) > 0 or SKIP.search(path.read_text())


@pytest.mark.parametrize("reason", NOT_RUN)
def test_code_that_is_not_run(reason):
    pytest.skip(reason)


def test_few_blocks_are_not_run():
    """Each of them says why on the page; another one must be counted here."""
    assert len(NOT_RUN) == NUMBER_NOT_RUN


@pytest.mark.parametrize("path", pages.pages(), ids=pages.named)
def test_every_block_says_what_it_is(path):
    languages = {language for language, _ in FENCE.findall(path.read_text()) if not language.startswith("{")}
    assert languages <= pages.RUN | pages.SHOWN
