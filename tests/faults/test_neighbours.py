"""Faults of what a request needs first: Keystone's tokens and the discovery of endpoints, by way of the same proxy.

keystoneauth1 decides what becomes of them; here it counts that it is told, in time, and that nobody else is told.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from keystoneauth1 import exceptions, session
from keystoneauth1.identity import v3

from saharaclient.api import base
from saharaclient.client import Client
from tests.faults.faults import FAULTS
from tests.faults.limits import REPLY_SIZE
from tests.faults.proxy import FaultProxy, Loop
from tests.faults.runner import Elsewhere, connections
from tests.services import REAL

TARGETS = {
    "token": ("POST", r"/identity/v3/auth/tokens$"),
    "Keystone's versions": ("GET", r"/identity/v3/?$"),
    "Sahara's versions": ("GET", r"^/(v2)?/?$"),
}
CELLS = [(fault, target) for fault in FAULTS for target in TARGETS if FAULTS[fault].connects]
SILENCE, REPLY, PATIENCE = 2.0, 4.0, 3.0  # seconds, as in `limits.py`, and shorter
WIDTH = 4  # calls at once: whoever checks a password takes its time
LONGEST = 3 * (SILENCE + REPLY) + PATIENCE + 30.0  # seconds: a token, two discoveries, and a busy machine

pytestmark = pytest.mark.skipif(REAL, reason="the real Keystone names its services' own addresses, past the proxy")


def attempt(fault, target, cloud, loop, elsewhere):
    """A read and a creation by a client that has nothing but a password; returns what came of it."""
    with FaultProxy(loop, cloud.address, FAULTS[fault].harm, TARGETS[target]) as proxy:
        proxy.elsewhere = elsewhere
        auth = {**cloud.login, "auth_url": f"{proxy.url}/identity/v3"}
        own = session.Session(auth=v3.Password(**auth))
        options = {"timeout": SILENCE, "reply_timeout": REPLY, "retry_deadline": PATIENCE}
        sahara = Client("2", session=own, max_reply_bytes=REPLY_SIZE, **options)
        began = time.monotonic()
        outcomes: list[Exception | None] = []
        name = f"{fault}.{target}".replace(" ", "-").replace("'", "")
        for call in (sahara.plugins.list, lambda: sahara.data_sources.create(name, "", "hdfs", "/x")):
            try:
                call()
                outcomes.append(None)
            except Exception as error:
                outcomes.append(error)
        seconds = time.monotonic() - began
        proxy.heal()
        sahara.plugins.api.timeout = sahara.plugins.api.reply_timeout = 60.0
        try:
            sahara.plugins.list()
        except Exception as error:
            outcomes.append(error)
        made = [x for x in proxy.record if x.carried and x.method == "POST" and x.target.endswith("/data-sources")]
        sahara.close()
        return outcomes, seconds, len(made), connections(proxy.port)


@pytest.fixture(scope="module")
def attempts(cloud):
    with Loop() as loop, Elsewhere() as elsewhere, ThreadPoolExecutor(WIDTH) as pool:
        found = list(pool.map(lambda cell: attempt(cell[0], cell[1], cloud, loop, elsewhere.url), CELLS))
        return dict(zip(CELLS, found, strict=True)), elsewhere.came


@pytest.mark.parametrize("cell", CELLS, ids="-".join)
def test_each_call_ends(cell, attempts):
    outcomes, seconds, made, left = attempts[0][cell]
    assert len(outcomes) == 2, f"no use any more: {outcomes[2]!r}"
    for error in outcomes:
        assert error is None or isinstance(error, exceptions.ClientException | base.APIException), repr(error)
        assert error is None or str(error)
    assert seconds < 2 * LONGEST
    assert made <= 1
    assert made or outcomes[1] is not None
    assert left == 0


def test_no_password_and_no_token_went_elsewhere(attempts):
    assert attempts[1] == []
