"""Tokens: who waits for a new one, for how long, and what a plugin's own faults are."""

import contextlib
import os
import threading
import time

import pytest
from keystoneauth1 import exceptions, plugin, session
from keystoneauth1.identity import base as identity

from saharaclient import client
from saharaclient._core import bounds
from saharaclient._core.clock import SystemClock
from saharaclient.api import base
from tests.support import URL

REFUSED = {"status_code": 401}


class Slow(plugin.BaseAuthPlugin):
    """Authentication whose second token comes when it is let go."""

    def __init__(self):
        super().__init__()
        self.asked, self.go = threading.Event(), threading.Event()
        self.token = "old"

    def get_token(self, session, **kwargs):
        if self.token is None:
            self.asked.set()
            assert self.go.wait(10)
            self.token = "new"
        return self.token

    def get_endpoint(self, session, **kwargs):
        return URL

    def invalidate(self):
        self.token = None
        return True


@pytest.fixture
def plugins(requests_mock):
    requests_mock.get(f"{URL}/plugins", json={"plugins": []})
    requests_mock.get(f"{URL}/plugins", request_headers={"X-Auth-Token": "old"}, **REFUSED)
    return requests_mock


def sahara(auth):
    return client.Client("2", session=session.Session(auth=auth), retry_deadline=0)


@contextlib.contextmanager
def renewing(auth):
    """While a thread waits for a new token."""
    outcome = []
    thread = threading.Thread(target=lambda: outcome.append(sahara(auth).plugins.list()))
    thread.start()
    try:
        assert auth.asked.wait(10)
        yield
    finally:
        auth.go.set()
        thread.join()
    assert outcome == [[]]


def test_a_slow_keystone_stops_no_client_of_another_cloud(plugins):
    with renewing(Slow()):
        other = Slow()
        other.go.set()
        assert sahara(other).plugins.list() == []


def test_who_waits_for_another_threads_token_waits_no_longer_than_its_deadline(plugins):
    auth = Slow()
    with renewing(auth):
        began, clock = time.monotonic(), SystemClock()
        with bounds.deadline(clock, clock.now() + 0.2), pytest.raises(exceptions.ConnectTimeout, match="token"):
            sahara(auth).plugins.list()
        assert time.monotonic() - began < 2


class SlowIdentity(identity.BaseIdentityPlugin):
    """The same over keystoneauth1's own plugin, with its own lock."""

    def __init__(self):
        super().__init__("http://keystone.test")
        self.asked, self.go = threading.Event(), threading.Event()

    def get_auth_ref(self, session):
        self.asked.set()
        assert self.go.wait(10)

        class Ref:
            auth_token = "new"

            def will_expire_soon(self, seconds):
                return False

        return Ref()

    def get_endpoint(self, session, **kwargs):
        return URL


def test_keystoneauths_own_lock_is_waited_for_no_longer_either(plugins):
    auth = SlowIdentity()
    with renewing(auth):
        began, clock = time.monotonic(), SystemClock()
        with bounds.deadline(clock, clock.now() + 0.2), pytest.raises(exceptions.ConnectTimeout):
            sahara(auth).plugins.list()
        assert time.monotonic() - began < 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("make", [Slow, SlowIdentity])
def test_a_child_that_was_forked_meanwhile_gets_a_token_of_its_own(make):
    # not over the faked wire: that has a lock of its own for the whole process
    auth = make()
    line = sahara(auth).plugins.api._sender()[0]
    auth.invalidate()
    thread = threading.Thread(target=line.get_token)
    thread.start()
    assert auth.asked.wait(10)
    child = os.fork()
    if not child:
        auth.go.set()
        os._exit(0 if line.get_token() == "new" else 1)
    auth.go.set()
    thread.join()
    give_up = time.monotonic() + 5
    while (done := os.waitpid(child, os.WNOHANG)) == (0, 0) and time.monotonic() < give_up:
        time.sleep(0.01)
    if done == (0, 0):
        os.kill(child, 9)
        os.waitpid(child, 0)
    assert done == (child, 0)


class Wrong(Slow):
    """Somebody's own plugin with a fault."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def get_token(self, session, **kwargs):
        session.get("http://keystone.test/", authenticated=False)
        raise self.error


@pytest.mark.parametrize("error", [TypeError("mine"), KeyError("mine")])
def test_a_fault_of_somebodys_own_plugin_is_told_as_it_is(error, requests_mock):
    requests_mock.get("http://keystone.test/", json={})
    with pytest.raises(type(error), match="mine"):
        sahara(Wrong(error)).plugins.list()


def test_a_reply_that_such_a_plugin_cannot_read_is_still_keystones_fault(requests_mock):
    from keystoneauth1.identity import v3

    class Mine(v3.Password):
        def get_auth_ref(self, session, **kwargs):
            return super().get_auth_ref(session, **kwargs)

    requests_mock.post("http://keystone.test/v3/auth/tokens", json={"token": 1}, headers={"X-Subject-Token": "t"})
    auth = Mine("http://keystone.test", username="u", password="p", user_domain_id="d", project_id="p")
    with pytest.raises(base.MalformedResponse, match="POST http://keystone.test/v3/auth/tokens"):
        sahara(auth).plugins.list()
