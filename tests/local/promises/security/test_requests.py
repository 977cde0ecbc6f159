"""Requests that would be one for a proxy and two here, and headers that are too large."""

import pytest

from tests.local.promises.fuzz.test_sockets import CRLF, Socket, statuses

SMUGGLED = b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture(scope="module")
def wire(mine):
    return Socket(mine.url)


def post(mine, *fields, body):
    token = b"X-Auth-Token: " + mine.headers["X-Auth-Token"].encode()
    return CRLF.join([b"POST /v2/data-sources HTTP/1.1", b"Host: a", token, *fields, b"", body])


CHUNKED = b"Transfer-Encoding: chunked"
LENGTH = b"Content-Length: %d"


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ([LENGTH % 5, CHUNKED], b"0\r\n\r\n" + SMUGGLED),
        ([CHUNKED, LENGTH % (5 + len(SMUGGLED))], b"0\r\n\r\n" + SMUGGLED),
        ([LENGTH % 0, LENGTH % len(SMUGGLED)], SMUGGLED),
        ([LENGTH % 0 + b", %d" % len(SMUGGLED)], SMUGGLED),
        ([b"Content-Length: +0"], SMUGGLED),
        ([b"Content-Length: 0x0"], SMUGGLED),
        ([b"Content-Length: -1"], SMUGGLED),
        ([b"Content-Length: 1 0"], SMUGGLED),
        ([b"Content-Length: " + b"9" * 30], SMUGGLED),
        ([b"Content-Length : 0"], SMUGGLED),
        ([b"Transfer-Encoding: identity"], SMUGGLED),
        ([b"Transfer-Encoding: xchunked"], SMUGGLED),
        ([b"Transfer-Encoding: gzip, chunked"], b"0\r\n\r\n" + SMUGGLED),
        ([b"Transfer-Encoding: chunked, identity"], b"0\r\n\r\n" + SMUGGLED),
        ([b"Transfer-Encoding : chunked"], b"0\r\n\r\n" + SMUGGLED),
        ([CHUNKED, b"Transfer-Encoding: identity"], b"0\r\n\r\n" + SMUGGLED),
        ([b"Transfer-Encoding: \x0bchunked"], b"0\r\n\r\n" + SMUGGLED),
        ([CHUNKED], b"-1\r\n\r\n" + SMUGGLED),
        ([CHUNKED], b"0x0\r\n\r\n" + SMUGGLED),
        ([CHUNKED], b"f" * 21 + b"\r\n" + SMUGGLED),
        ([CHUNKED], b"1\r\nab\r\n0\r\n\r\n" + SMUGGLED),
        ([CHUNKED], b"g\r\n\r\n" + SMUGGLED),
        ([CHUNKED], b" 0\r\n\r\n" + SMUGGLED),
    ],
)
def test_what_has_no_clear_end_is_refused_and_the_connection_closed(mine, wire, fields, body):
    answer = wire.send(post(mine, *fields, body=body))
    assert statuses(answer)[:1] == [400], answer[:200]
    assert len(statuses(answer)) == 1 and b"openapi" not in answer, "the rest was taken for another request"


def test_folded_fields_are_refused(mine, wire):
    """A header continued on the next line can hide another one from who reads it otherwise."""
    answer = wire.send(post(mine, b"X-A: b", b" Transfer-Encoding: chunked", LENGTH % 2, body=b"{}" + SMUGGLED))
    assert statuses(answer) == [400]
    assert b"VALIDATION_ERROR" not in answer
    assert b"openapi" not in answer


@pytest.mark.parametrize("line", [b"GET / HTTP/1.1\nHost: a\n\n", b"GET /\r HTTP/1.1\r\nHost: a\r\n\r\n",
                                  b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n",
                                  b"GET / HTTP/1.1\r\nHost: a\r\nA\r\n: b\r\n\r\n"])  # fmt: skip
def test_lines_that_others_read_differently(wire, line):
    assert set(statuses(wire.send(line, patience=0.3))) <= {300, 400}


@pytest.mark.parametrize("large", [b"A: " + b"a" * 200_000, b"A: b\r\n" * 40_000, b"A" * 200_000 + b": b"])
def test_headers_that_are_too_large(mine, wire, large):
    answer = wire.send(b"GET / HTTP/1.1\r\nHost: a\r\n", large, b"\r\n\r\n")
    assert statuses(answer) in ([], [400], [431])
    assert statuses(wire.send(b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n")) in ([], [400], [414])
    assert mine.request("GET", "/v2/plugins")[0] == 200


def test_headers_of_answers_hold_no_line_that_was_sent(mine):
    for value in ("a%0d%0aX-Injected:%20b", "a\r\n X-Injected: b"):
        try:
            status, _ = mine.request("PUT", f"{mine.store}/mine/split", b"", {"X-Object-Meta-A": value})
        except ValueError:
            continue
        mine.connection.request("HEAD", f"{mine.store}/mine/split", headers=mine.headers)
        reply = mine.connection.getresponse()
        reply.read()
        assert status in (201, 400) and "X-Injected" not in reply.headers


@pytest.mark.parametrize("host", ["evil.example/..", "a b", "a@b", "[::1", "evil.example#", "\xe9"])
def test_links_do_not_repeat_a_host_that_is_none(mine, host):
    status, content = mine.request("GET", "/", None, {"Host": host.encode("latin-1")})
    assert status in (300, 400)
    assert host.encode() not in content
