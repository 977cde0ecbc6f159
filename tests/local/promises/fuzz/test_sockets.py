"""Any bytes on the service's socket: it answers no 500, goes on serving others, and keeps no memory of it."""

import contextlib
import random
import socket
import urllib.parse
from collections import Counter

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.local.promises.durability.process import Process

HOSTILE, WARM = 3000, 1000  # requests
MOST_GROWTH = 24  # MiB, of a service that has answered WARM of them already
CRLF = b"\r\n"


class Socket:
    """Sends bytes, and answers what comes back until the other side closes or says nothing more."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.address = (parts.hostname, parts.port)

    def send(self, *pieces, patience=2.0, close=False):
        """Answers the bytes that came back: `patience` seconds without any end it, `close` says that no more comes."""
        answer = bytearray()
        with socket.create_connection(self.address, timeout=10) as connection, contextlib.suppress(OSError):
            for piece in pieces:
                connection.sendall(piece)
            if close:
                connection.shutdown(socket.SHUT_WR)
            connection.settimeout(patience)
            while piece := connection.recv(65536):
                answer += piece
        return bytes(answer)


@pytest.fixture(scope="module")
def wire(target):
    return Socket(target.url)


def statuses(answer):
    """The statuses of the answers in a stream; the bodies of this service hold no such line."""
    return [int(line.split()[1]) for line in answer.split(CRLF) if line.startswith(b"HTTP/1.")]


def check(target, wire, sent, answer):
    assert not [status for status in statuses(answer) if status >= 500 and status != 501], (
        f"{sent!r}: {answer[:300]!r}\n{target.last_failure()}"
    )


lines = st.sampled_from(
    [b"GET / HTTP/1.1", b"GET /v2/plugins HTTP/1.1", b"POST /v2/data-sources HTTP/1.1", b"PUT /x HTTP/1.0", b"GET /",
     b"OPTIONS * HTTP/1.1", b"CONNECT a:1 HTTP/1.1", b"GET http://a/v2 HTTP/1.1", b"PRI * HTTP/2.0", b"GET  / HTTP/1.1",
     b"GET /\xff HTTP/1.1", b"GET /%00 HTTP/1.1", b"\x16\x03\x01\x02\x00", b"GET / HTTP/9.9", b"get / http/1.1", b"",
     b"TRACE / HTTP/1.1", b"GET //v2//plugins HTTP/1.1", b"GET /v2/../v2 HTTP/1.1", b"G\0T / HTTP/1.1"]
)  # fmt: skip
headers = st.lists(
    st.sampled_from(
        [b"Host: a", b"Host:", b"Host: a b", b"Content-Length: 3", b"Content-Length: -1", b"Content-Length: 1, 2",
         b"Content-Length: 99999999999999999999999", b"Content-Length: 3\r\nContent-Length: 4", b" folded: yes",
         b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip", b"Transfer-Encoding: chunked, chunked",
         b"Connection: close", b"Connection: upgrade\r\nUpgrade: websocket", b"Expect: 100-continue", b": empty",
         b"X-Auth-Token: x", b"Name\x00: y", b"Name : y", b"\xff: \xff", b"Upgrade: h2c", b"no colon",
         b"A: " + b"a" * 9000]
    ),
    max_size=5,
)  # fmt: skip
chunks = st.sampled_from(
    [b"3\r\n{} \r\n0\r\n\r\n", b"3;ext=1\r\n{} \r\n0\r\nTrailer: x\r\n\r\n", b"-1\r\n", b"g\r\n", b"0x3\r\nabc\r\n",
     b"fffffffffffffffff\r\nab", b"3\r\nabcd\r\n", b"3\nabc\n0\n\n", b"0\r\n", b"{}\n ", b"", b"\0" * 50]
)  # fmt: skip


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(lines, headers, chunks | st.binary(max_size=100))
def test_nearly_http(target, wire, line, fields, body):
    sent = CRLF.join(
        [line, *fields, b"Host: a", b"X-Auth-Token: " + target.headers["X-Auth-Token"].encode(), b"", body]
    )
    check(target, wire, sent, wire.send(sent, patience=0.02))


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4))
def test_any_bytes(target, wire, pieces):
    check(target, wire, pieces, wire.send(*pieces, close=True))
    check(target, wire, pieces, wire.send(b"GET /v2/plugins HTTP/1.1\r\n", *pieces, close=True))


def test_the_service_still_serves(target, wire):
    """After what the tests above have sent, and beside connections that say nothing or stop in the middle."""
    idle = [socket.create_connection(wire.address, timeout=10) for _ in range(200)]
    try:
        for number, connection in enumerate(idle):
            connection.sendall(
                b"POST /v2/data-sources HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"[: number % 75]
            )
        for _ in range(20):
            assert target.request("GET", "/v2/plugins")[0] == 200
        assert " failed: " not in target.service.settings.log.read_text()
    finally:
        for connection in idle:
            connection.close()


def hostile(chance, project, token):
    """Requests as nobody who means well sends them, in pieces, and whether they are whole."""
    secret = b"Host: a\r\nConnection: close\r\nX-Auth-Token: "
    secret += token if chance.random() < 0.7 else b"%x" % chance.getrandbits(256)
    junk = chance.randbytes(chance.randrange(2000))
    deep = b"[" * chance.randrange(20_000)
    store = b"/object-store/v1/AUTH_%s/none" % project
    number, name = chance.getrandbits(60), chance.getrandbits(99)
    length = b"\r\nContent-Length: %d\r\n\r\n"
    whole = [
        [b"GET /v2/clusters?limit=%d&marker=%x HTTP/1.1\r\n%s\r\n\r\n" % (number, name, secret)],
        [b"GET /%x HTTP/1.1\r\n%s\r\n\r\n" % (chance.getrandbits(4000), secret)],
        [b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n", b"A%d: b\r\n" % number * chance.randrange(3000), CRLF],
        [b"POST /v2/data-sources HTTP/1.1\r\n%s" % secret, length % len(deep), deep],
        [b"POST /identity/v3/auth/tokens HTTP/1.1\r\nHost: a\r\nConnection: close", length % 80_000, b'{"a":' * 16_000],
        [b"GET %s HTTP/1.1\r\n%s\r\nRange: bytes=%s\r\n\r\n" % (store, secret, b"0-," * 900)],
        [b"PATCH /v2/plugins/%x HTTP/1.1\r\n%s%s{}" % (name, secret, length % 2)],
    ]
    broken = [
        [junk],
        [b"POST /v2/data-sources HTTP/1.1\r\n%s" % secret, length % (len(junk) + 1), junk],
        [b"PUT %s/%x HTTP/1.1\r\n%s\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n" % (store, name, secret), junk],
    ]
    is_whole = chance.random() < 0.7
    return chance.choice(whole if is_whole else broken), is_whole


def test_hostile_requests_leave_no_memory(tmp_path):
    service = Process(tmp_path / "state")
    chance = random.Random(1)
    try:
        user = service.start()
        token, project = user.session.headers["X-Auth-Token"].encode(), user.project.encode()
        wire, process = Socket(user.url), psutil.Process(service.process.pid)
        sizes, answered = [], Counter()
        for number in range(WARM + HOSTILE + 1):
            if number in (WARM, WARM + HOSTILE):
                sizes.append(process.memory_info().rss / 2**20)
            pieces, is_whole = hostile(chance, project, token)
            answered.update(statuses(wire.send(*pieces, close=not is_whole)))
        print(
            f"\n{sizes[0]:.0f} MiB after {WARM} hostile requests, {sizes[1]:.0f} MiB after {HOSTILE} more; {answered}"
        )
        assert {300, 400, 401, 404} <= answered.keys() and max(answered) < 500, answered
        assert sizes[1] - sizes[0] < MOST_GROWTH
        assert len(process.net_connections("tcp")) < 5
        assert process.num_threads() < 120
        assert not list((tmp_path / "state" / "uploads").iterdir())
        user.session.close()
    finally:
        service.kill()
