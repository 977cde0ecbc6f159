"""The matrix runs once, with the cells that are asked for: many at once, since most of their time is waiting."""

import pytest

from tests.faults import runner, world

DISCARDED = pytest.StashKey()


def pytest_addoption(parser):
    parser.addoption("--faults-table", metavar="FILE", help="write the table of faults and outcomes to a file")
    parser.addoption("--all-cells", action="store_true", help="not only a sample of the matrix at the real Sahara")


@pytest.fixture(scope="session")
def cloud(tmp_path_factory):
    with world.cloud(tmp_path_factory.mktemp("state")) as server:
        yield server


@pytest.fixture(scope="session")
def matrix(request, cloud, tmp_path_factory):
    """What came of the cells, and what another host was sent."""
    items = [item for item in request.session.items if {"matrix", "cell"} <= {*item.fixturenames}]
    wanted = [item.callspec.params["cell"] for item in items]
    found = runner.run(list(dict.fromkeys(wanted)), cloud, world.build(cloud), tmp_path_factory.mktemp("cells"))
    request.config.stash[DISCARDED] = len(found.discarded)
    return found


def pytest_terminal_summary(terminalreporter, config):
    if discarded := config.stash.get(DISCARDED, 0):
        terminalreporter.write_line(f"{discarded} runs of cells were held up by the machine or the server and repeated")
