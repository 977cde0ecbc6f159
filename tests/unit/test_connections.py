"""Whose connections are used: the library's own for its own requests, made as the caller's session would make them."""

import logging
import os
import threading
import time

import pytest
import requests
from hypothesis import example, given
from hypothesis import strategies as some
from keystoneauth1 import exceptions, session, token_endpoint
from requests import adapters

from saharaclient import bulk, client
from saharaclient._core import wire
from saharaclient.api import base
from tests.unit.servers import HEAD, answering, dripping, json_reply


def over(own_session, url, **options):
    return client.Client("2", session=own_session, sahara_url=f"{url}/data-processing", retry_deadline=0, **options)


def fixed(url, **options):
    return session.Session(token_endpoint.Token(url, "t"), **options)


def test_a_host_that_the_session_has_talked_to_before_is_bounded_too():
    with dripping(HEAD, bytes(10)) as url:
        caller = fixed(url)
        caller.get(f"{url}/identity")  # ten bytes, a second
        began = time.monotonic()
        with pytest.raises(exceptions.ConnectionError):
            over(caller, url, reply_timeout=0.3).plugins.list()
        assert time.monotonic() - began < 0.9


def test_the_callers_session_stays_as_it_was():
    def state(of):
        manager = of.session.get_adapter("http://x").poolmanager
        return dict(vars(of)), dict(vars(of.session)), dict(vars(manager)), manager.pool_classes_by_scheme

    with answering(json_reply({"plugins": []})) as server:
        caller = fixed(server.url)
        before = state(caller)
        over(caller, server.url).plugins.list()
        after = state(caller)
    assert before[1:] == after[1:]
    assert {k: v for k, v in after[0].items() if k != "_determined_user_agent"} == {
        k: v for k, v in before[0].items() if k != "_determined_user_agent"
    }
    assert caller.session.get_adapter("http://x").poolmanager.pools.keys() == set()


def test_settings_of_the_callers_session_are_obeyed_whenever_they_are_made():
    with answering(json_reply({"plugins": []})) as server:
        caller = fixed(server.url)
        sahara = over(caller, "http://sahara.test")
        caller.session.proxies = {"http": server.url}
        caller.session.headers["X-Mine"] = "1"
        caller.session.cookies.set("sticky", "node-3")
        caller.additional_headers["X-Other"] = "2"
        sahara.plugins.list()
        request = server.requests[-1]
    assert request.startswith(b"GET http://sahara.test/data-processing/plugins HTTP/1.1\r\n")
    for line in (b"X-Mine: 1", b"Cookie: sticky=node-3", b"X-Other: 2", b"X-Auth-Token: t"):
        assert line in request.split(b"\r\n")


def test_verify_and_certificates_of_the_callers_session_are_obeyed(monkeypatch):
    seen = []

    def send(self, request, **kwargs):
        seen.append((kwargs["verify"], kwargs["cert"]))
        raise requests.exceptions.SSLError("enough")

    monkeypatch.setattr(adapters.HTTPAdapter, "send", send)
    caller = fixed("https://x", verify="/mine.pem", cert="/me.pem")
    sahara = over(caller, "https://x")
    for change in ({}, {"verify": False, "cert": None}):
        vars(caller).update(change)
        with pytest.raises(exceptions.SSLError):
            sahara.plugins.list()
    assert seen == [("/mine.pem", "/me.pem"), (False, None)]


class Answer(adapters.BaseAdapter):
    """An adapter of the caller's own."""

    def send(self, request, **kwargs):
        response = requests.Response()
        response.status_code, response._content, response.request, response.url = 200, b'{"plugins": []}', request, "u"
        return response

    def close(self):
        pass


class OwnSession(requests.Session):
    """A session that sends in its own way."""

    def send(self, request, **kwargs):
        return Answer().send(request)


def test_ways_of_sending_of_the_callers_own_are_used():
    mounted = fixed("http://x")
    mounted.session.mount("http://x", Answer())
    assert over(mounted, "http://x").plugins.list() == []
    assert over(fixed("http://x", session=OwnSession()), "http://x").plugins.list() == []


def test_a_session_of_another_class_keeps_its_ways():
    class Counting(session.Session):
        count = 0

        def request(self, *args, **kwargs):
            self.count += 1
            return super().request(*args, **kwargs)

    with answering(json_reply({"plugins": []})) as server:
        caller = Counting(token_endpoint.Token(server.url, "t"))
        assert over(caller, server.url).plugins.list() == []
    assert caller.count == 1


def test_the_environments_proxies_are_read_once_for_each_host(monkeypatch):
    asked = []
    real = requests.utils.get_environ_proxies
    monkeypatch.setattr("requests.sessions.get_environ_proxies", lambda *a, **k: asked.append(a) or real(*a, **k))
    with answering(json_reply({"plugins": []})) as server:
        sahara = over(fixed(server.url), server.url)
        for _ in range(5):
            sahara.plugins.list()
    assert len(asked) == 1


@given(
    some.from_regex(r"https?://[ab1.A@:-]{1,6}(:\d{1,6})?", fullmatch=True),
    some.text("a0/._-~?&=%# :@+\u00e4\n", max_size=12),
)
@example("http://127.0.0.1:8386", "v2/clusters/5c7f3a3e?limit=3&marker=5c7f-3a3e")
@example("http://host:0080", "v2/../clusters")
@example("http://user:secret@host", "v2/a b?c=%zz#d")
def test_a_url_is_sent_as_requests_would_send_it(origin, rest):
    def prepared(cls):
        made = cls()
        try:
            made.prepare(method="GET", url=f"{origin}/{rest}", headers={"Accept": "*/*"}, hooks={})
        except requests.exceptions.InvalidURL as error:
            return type(error)
        return made.url, made.headers

    assert prepared(wire._Request) == prepared(requests.PreparedRequest)


def test_more_connections_than_ten_are_kept(caplog):
    caplog.set_level(logging.WARNING, "urllib3.connectionpool")
    with answering(json_reply({"plugins": []}), pause=0.05) as server:
        sahara = over(fixed(server.url), server.url)
        for _ in range(2):
            assert all(o.error is None for o in bulk.each(lambda _: sahara.plugins.list(), range(32), width=32))
        assert server.connections <= 32
    assert not caplog.records


def test_a_client_that_is_closed_closes_its_connections_and_can_be_used_again():
    with answering(json_reply({"plugins": []})) as server:
        with over(fixed(server.url), server.url) as sahara:
            sahara.plugins.list()
            sahara.plugins.list()
            assert (server.connections, server.open) == (1, 1)
        server.wait_until_closed()
        sahara.plugins.list()
        assert server.connections == 2
        sahara.close()
        sahara.close()


def test_an_error_that_is_kept_keeps_no_connection_open():
    with answering(json_reply({"error_message": "no"}, "500 Failed")) as server:
        sahara = over(fixed(server.url), server.url)
        try:
            sahara.plugins.list()
        except base.ServerError as error:
            kept = error
        sahara.close()
        server.wait_until_closed()
        assert kept.status_code == 500


def test_a_client_that_is_dropped_leaves_no_connection_open():
    with answering(json_reply({"plugins": []})) as server:
        over(fixed(server.url), server.url).plugins.list()
        server.wait_until_closed()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_child_process_makes_connections_of_its_own():
    with answering(json_reply({"plugins": []})) as server:
        sahara = over(fixed(server.url), server.url)
        sahara.plugins.list()
        child = os.fork()
        if not child:
            status = 1
            try:
                status = int(sahara.plugins.list() != [])
            finally:
                os._exit(status)
        assert os.waitpid(child, 0)[1] == 0
        sahara.plugins.list()
        assert server.connections == 2


def test_threads_share_a_client():
    with answering(json_reply({"plugins": []})) as server:
        sahara, errors = over(fixed(server.url), server.url), []

        def work():
            try:
                for _ in range(20):
                    sahara.plugins.list()
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert errors == []
    assert server.connections <= 8
