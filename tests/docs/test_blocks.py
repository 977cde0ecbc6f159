"""Every block of code in the README and the manual runs as it stands, against the embedded service."""

import os

import pytest

from tests.docs import pages

NUMBER_RUN = {path: pages.number_run(path) for path in pages.pages()}


@pytest.fixture(scope="session")
def prepared_state(tmp_path_factory):
    """The state of a service on which the page of preparations was followed."""
    folder = tmp_path_factory.mktemp("prepared")
    with pages.service(folder, None) as shell:
        assert pages.run(pages.PREPARATION, shell) == NUMBER_RUN[pages.PREPARATION] > 0
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
@pytest.mark.parametrize(
    "path", [p for p, number in NUMBER_RUN.items() if number and p != pages.PREPARATION], ids=pages.named
)
def test_code(path, shell):
    """Every block of the page was run, but for those that say why not."""
    assert pages.run(path, shell) == NUMBER_RUN[path]
