"""The console in a real browser, showing a real Sahara."""

import pytest

from saharaclient.console.server import ConsoleServer
from tests.console import browser as browsers
from tests.console.life_cycle import Templates, follow_a_life
from tests.services import IMAGE, NETWORK


@pytest.fixture(scope="module")
def browser():
    with browsers.chromium() as browser:
        yield browser


@pytest.fixture
def templates(sahara, version, unique):
    made = Templates(sahara, version, IMAGE, NETWORK, unique)
    yield made
    made.remove()


def test_a_life(browser, sahara, templates, unique):
    with ConsoleServer(sahara, "real").in_thread() as server:
        reader = browsers.Reader(browser, server)
        follow_a_life(reader, sahara, templates, unique)
        reader.close()
