"""The faults: what each does to a request, and the facts from which follows what a client may make of it."""

from __future__ import annotations

import asyncio
import gzip
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.faults.proxy import REQUEST_ID, Exchange, Reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

FOREVER = 3600.0  # seconds; longer than any test
PAUSE = 2.0  # seconds between dripping bytes: less than the silence that a client bears
HUGE = 3 * 1024 * 1024  # bytes
ID = {REQUEST_ID: "req-from-the-proxy"}
JSON = {"Content-Type": "application/json", **ID}
HTML = b"<html><head><title>Welcome to the hotel</title></head></html>"
KEYSTONES = b'{"error": {"code": 401, "title": "Unauthorized", "message": "The request needs authentication."}}'
GOOD, GARBAGE = "good", "garbage"


@dataclass(frozen=True)
class Fault:
    """One way in which a request goes wrong.

    Attributes:
        harm: does it.
        gives: what the client gets: a HTTP status, `GOOD` (the server's true reply), `GARBAGE` (a success that is
            none of the API's), or None (no whole reply).
        carried: whether the server got the request.
        connects: whether there was a connection.
        in_body: whether only a reply with a body is harmed.
        slow: whether it takes all the time that a reply may take.
        silent: whether it takes all the time that a silence may take.
        forged: whether a file of any bytes would be taken for the true one, since nothing tells the difference.
        follows: whether the client is sent to where it may go.
        asks: seconds that the server wants the client to wait.
        mends: whether it may pass with time.
    """

    harm: Callable[[Exchange], Awaitable[None]]
    gives: int | str | None
    carried: bool = False
    connects: bool = True
    in_body: bool = False
    slow: bool = False
    silent: bool = False
    forged: bool = False
    follows: bool = False
    asks: float = 0.0
    mends: bool = True


def answers(status: int, body: bytes = b"", **headers: str):
    """The server is not asked."""

    async def harm(x: Exchange) -> None:
        await x.send(Reply(status, {**JSON, **{n.replace("_", "-"): v for n, v in headers.items()}}, body))

    return harm


def changes(change: Callable[[Reply], Reply]):
    """The server's reply is not what the client gets."""

    async def harm(x: Exchange) -> None:
        await x.send(change(await x.carry()))

    return harm


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


async def refuse(x: Exchange) -> None:
    raise AssertionError("nothing can come where nothing listens")


async def reset_before(x: Exchange) -> None:
    await x.reset()


async def close_before(x: Exchange) -> None:
    x.close()


async def reset_in_head(x: Exchange) -> None:
    await x.write(half((await x.carry()).head))
    await x.reset()


async def reset_in_body(x: Exchange) -> None:
    reply = await x.carry()
    await x.head(reply)
    await x.write(half(reply.body))
    await x.reset()


async def reset_after(x: Exchange) -> None:
    await x.send(await x.carry())
    await x.reset()


async def stall_before(x: Exchange) -> None:
    await asyncio.sleep(FOREVER)


async def stall_after(x: Exchange) -> None:
    await x.carry()
    await asyncio.sleep(FOREVER)


async def stall_in_body(x: Exchange) -> None:
    reply = await x.carry()
    await x.head(reply)
    if reply.body:
        await x.write(half(reply.body))
        await asyncio.sleep(FOREVER)


async def drip_head(x: Exchange) -> None:
    await x.drip((await x.carry()).head, PAUSE)


async def drip_body(x: Exchange) -> None:
    reply = await x.carry()
    await x.head(reply)
    await x.drip(reply.body, PAUSE)


async def twice(x: Exchange) -> None:
    reply = await x.carry()
    await x.send(reply)
    await x.send(reply)


async def too_long(x: Exchange) -> None:
    reply = await x.carry()
    await x.send(reply.but(length=len(reply.body) + 100) if reply.body else reply)
    x.close()


async def huge(x: Exchange) -> None:
    await x.head(Reply(200, {**JSON, "Transfer-Encoding": "chunked"}))
    for _ in range(HUGE // 65536):
        await x.write(b"10000\r\n" + bytes(65536) + b"\r\n")
    await x.write(b"0\r\n\r\n")


async def noise(x: Exchange) -> None:
    await x.write(b"\x16\x03\x01\x02\x00\x01 what is this\r\n\r\n")
    x.close()


async def html(x: Exchange) -> None:
    await x.send(Reply(200, {"Content-Type": "text/html"}, HTML))


async def to_itself(x: Exchange) -> None:
    await x.send(Reply(307, {**ID, "Location": x.target}))


async def to_another_host(x: Exchange) -> None:
    await x.send(Reply(302, {**ID, "Location": f"{x.proxy.elsewhere}{x.target}"}))


async def see_other(x: Exchange) -> None:
    await x.carry()
    await x.send(Reply(303, {**ID, "Location": x.target}))


def bad_text(reply: Reply) -> Reply:
    return reply.but(body=re.sub(rb':\s*"', lambda found: found[0] + b"\xff", reply.body, count=1))


FAULTS = {
    "refused": Fault(refuse, None, connects=False),
    "reset before": Fault(reset_before, None),
    "closed before": Fault(close_before, None),
    "reset in the head": Fault(reset_in_head, None, carried=True),
    "reset in the body": Fault(reset_in_body, None, carried=True, in_body=True),
    "reset after": Fault(reset_after, GOOD, carried=True),
    "stall before": Fault(stall_before, None, silent=True),
    "stall after": Fault(stall_after, None, silent=True, carried=True),
    "stall in the body": Fault(stall_in_body, None, silent=True, carried=True, in_body=True),
    "drip in the head": Fault(drip_head, None, carried=True, slow=True),
    "drip in the body": Fault(drip_body, None, carried=True, slow=True, in_body=True),
    "noise": Fault(noise, None),
    "cut short": Fault(changes(lambda r: r.but(body=half(r.body))), GARBAGE, carried=True, in_body=True, forged=True),
    "doubled": Fault(changes(lambda r: r.but(body=r.body * 2)), GARBAGE, carried=True, in_body=True, forged=True),
    "sent twice": Fault(twice, GOOD, carried=True),
    "length too small": Fault(
        changes(lambda r: r.but(length=len(r.body) // 2)), GARBAGE, carried=True, in_body=True, forged=True
    ),
    "length too large": Fault(too_long, None, carried=True, in_body=True),
    "no body": Fault(changes(lambda r: r.but(body=b"")), GARBAGE, carried=True, in_body=True, forged=True),
    "no UTF-8": Fault(changes(bad_text), GARBAGE, carried=True, in_body=True, forged=True),
    "huge": Fault(huge, GARBAGE, forged=True, mends=False),
    "gzip bomb": Fault(
        answers(200, gzip.compress(bytes(HUGE)), Content_Encoding="gzip"), GARBAGE, forged=True, mends=False
    ),
    "HTML 200": Fault(html, GARBAGE),
    "HTML 502": Fault(answers(502, HTML), 502),
    "401": Fault(answers(401, KEYSTONES), 401),
    "429": Fault(answers(429), 429),
    "429 Retry-After 1": Fault(answers(429, Retry_After="1"), 429, asks=1.0),
    "503": Fault(answers(503), 503),
    "503 Retry-After 1": Fault(answers(503, Retry_After="1"), 503, asks=1.0),
    "503 Retry-After 300": Fault(answers(503, Retry_After="300"), 503, asks=300.0),
    "500 before": Fault(answers(500), 500),
    "500 after": Fault(changes(lambda r: Reply(500, JSON)), 500, carried=True),
    "redirect": Fault(to_itself, 307, follows=True),
    "redirect elsewhere": Fault(to_another_host, 302),
    "see other": Fault(see_other, 303, carried=True),
}  # fmt: skip
