"""Who is let in, and to what."""

import http.client
import logging

import pytest

from tests.unit.console.conftest import cluster

FIRST = "/clusters"


@pytest.fixture
def version():
    """One will do: who is let in does not depend on it."""
    return "2"


def raw(server, method, path, headers):
    """A request with exactly these headers; answers status and headers."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, {name.title(): value for name, value in answer.getheaders()}


@pytest.mark.parametrize(
    "path", ["/", "/clusters", "/clusters/x", "/events?page=/", "/nowhere", "/login/", "/login/guess"]
)
def test_nothing_is_told_without_a_login(server, sahara, anonymous, path):
    answer = anonymous.get(server.url + path)
    assert answer.status_code == 401
    assert "Log in" in answer.text
    assert sahara.sent == []


def test_a_link_works_once(server, anonymous):
    link = server.new_link()
    assert anonymous.get(link).status_code == 200
    assert anonymous.get(server.url).status_code == 200
    anonymous.cookies.clear()
    assert anonymous.get(link).status_code == 401
    assert anonymous.get(server.url).status_code == 401
    assert anonymous.get(server.new_link()).status_code == 200


def test_looking_ahead_does_not_use_a_link_up(server, anonymous):
    link = server.new_link()
    assert anonymous.head(link).status_code == 403
    assert anonymous.get(link, headers={"Sec-Purpose": "prefetch;prerender"}).status_code == 403
    assert anonymous.get(link).status_code == 200


def test_the_cookie_is_for_this_site_and_no_script(server, anonymous):
    answer = anonymous.get(server.new_link())
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert not {"max-age", "expires", "domain"} & {part.strip().partition("=")[0].lower() for part in cookie.split(";")}
    secret = cookie.partition("=")[2].partition(";")[0]
    assert secret not in answer.text
    assert secret not in anonymous.get(server.url).text


def test_another_cookie_does_not_log_in(server, anonymous):
    for value in ("", "x", "\x80", "a" * 43):
        status, _ = raw(
            server,
            "GET",
            "/",
            [("Host", f"127.0.0.1:{server.port}"), ("Cookie", f"sahara-console-{server.port}={value}")],
        )
        assert status == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"])
def test_it_only_reads(server, browser, method):
    status, headers = raw(
        server,
        method,
        "/",
        [("Host", f"127.0.0.1:{server.port}"), ("Cookie", browser.headers.get("Cookie", "")), ("Content-Length", "0")],
    )
    assert status == 405
    assert headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "hosts",
    [
        [],
        ["evil.test"],
        ["127.0.0.1"],
        ["127.0.0.1:1"],
        ["127.0.0.1.evil.test:{port}"],
        ["evil.test:{port}"],
        ["127.0.0.1:{port}", "evil.test"],
    ],
)
def test_other_names_of_this_machine_are_refused(server, hosts):
    """A page elsewhere whose name leads here (DNS rebinding) reads nothing, not even with a login link."""
    path = server.new_link().removeprefix(server.url)
    status, _ = raw(server, "GET", path, [("Host", host.format(port=server.port)) for host in hosts])
    assert status in (400, 421)


def test_localhost_is_this_machine(server):
    assert raw(server, "GET", "/static/icon.svg", [("Host", f"localhost:{server.port}")])[0] == 200


@pytest.mark.parametrize(
    "path", ["/", "/clusters", "/nowhere", "/static/console.js", "/static/../app.py", "/static/%2e%2e/app.py"]
)
def test_every_answer_has_the_policy(browser, path):
    answer = browser.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "class Console" not in answer.text
    if not path.startswith("/static"):
        assert answer.headers["Cache-Control"] == "no-store"


def test_head_is_get_without_the_body(browser, server):
    answer = browser.request("HEAD", server.url + "/clusters")
    assert answer.status_code == 200
    assert not answer.content


def test_no_secret_in_a_log(server, sahara, anonymous, caplog):
    caplog.set_level(logging.DEBUG)
    sahara.records["clusters"] = [cluster(version=sahara.version)]
    link = server.new_link()
    anonymous.get(link)
    anonymous.get(server.url + FIRST)
    secrets = [link.rpartition("/")[2], *anonymous.cookies.values()]
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("urllib3")]
    assert not [line for line in ours for secret in secrets if secret in line]
