"""A browser, an embedded Sahara with something in it, and consoles that show it."""

import contextlib
import uuid

import pytest

from saharaclient.console.server import ConsoleServer
from saharaclient.local import LocalSahara
from tests.console import browser as browsers
from tests.console.life_cycle import Templates, run_a_job


@pytest.fixture(scope="session")
def browser():
    with browsers.chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def local():
    """An embedded Sahara in which a state lasts long enough to be seen."""
    with LocalSahara(fake_delay=0.4) as local:
        yield local


@pytest.fixture(params=["1.1", "2"], scope="session")
def version(request):
    return request.param


@pytest.fixture(scope="session")
def sahara(local, version):
    return local.client(version)


@pytest.fixture(scope="session")
def templates(local, sahara, version):
    made = Templates(sahara, version, local.image("fake"), local.network(), f"v{version[0]}")
    yield made
    made.remove()


@pytest.fixture(scope="session")
def cluster(sahara, templates):
    """An Active cluster on which a job has run."""
    cluster = templates.cluster(f"novels{templates.name}")
    sahara.clusters.wait(cluster.id, timeout=120)
    return cluster


@pytest.fixture(scope="session")
def job(templates, cluster):
    return run_a_job(templates, cluster)


@pytest.fixture
def server(sahara):
    with ConsoleServer(sahara, "test").in_thread() as server:
        yield server


@pytest.fixture
def readers(browser, server):
    """Opens the browser for one more reader, with options of a browser context."""
    with contextlib.ExitStack() as stack:

        def open_for_one(**options):
            return stack.enter_context(contextlib.closing(browsers.Reader(browser, server, **options)))

        yield open_for_one


@pytest.fixture
def reader(readers):
    return readers()


@pytest.fixture
def unique():
    return f"t{uuid.uuid4().hex[:8]}"
