"""The asynchronous client: the same answers, pauses and waits without threads, cancellation."""

import asyncio
import contextlib
import gc
import http.server
import inspect
import json
import re
import threading
import time
import tracemalloc

import pytest
import requests
from keystoneauth1 import session, token_endpoint

import saharaclient
from saharaclient import aio
from saharaclient.api import base
from saharaclient.api.client import Client, ClientV2
from tests.support import URL, make_client

ACTIVE = {"id": "1", "name": "c", "status": "Active"}
BUSY = {"status_code": 503, "json": {}}


def make(version="2", url=URL, **options):
    made = session.Session(token_endpoint.Token(url, "token"))
    return aio.Client(version, session=made, sahara_url=url, **options)


def threads():
    return [t for t in threading.enumerate() if t.name.startswith("saharaclient-aio")]


def run(program, **options):
    """Run a program that is given a client."""

    async def main():
        async with make(**options) as client:
            return await program(client)

    result = asyncio.run(main())
    assert threads() == []
    return result


@pytest.mark.parametrize("version", ["1.1", "2"])
def test_it_has_the_managers_and_methods_of_the_synchronous_one(version):
    one, other = make_client(version), make(version)
    for name, manager in vars(one).items():
        mine = getattr(other, name)
        assert type(mine).__name__ == type(manager).__name__
        for method, function in inspect.getmembers(manager, inspect.ismethod):
            if method.startswith("_"):
                continue
            made = getattr(mine, method)
            wanted = [p for p in inspect.signature(function).parameters.values() if p.name != "cancel"]
            assert [(p.name, p.default) for p in inspect.signature(made).parameters.values()] == [
                (p.name, p.default) for p in wanted
            ]
            assert inspect.iscoroutinefunction(made) != (method in ("iterate", "logs")), method
            assert "cancel:" not in made.__doc__
            assert made.__doc__.splitlines()[0] == function.__doc__.splitlines()[0]


def test_calls_return_and_raise_what_the_synchronous_ones_do(requests_mock):
    requests_mock.get(f"{URL}/clusters/1", json={"cluster": ACTIVE})
    requests_mock.get(f"{URL}/clusters", json={"clusters": [ACTIVE]})
    requests_mock.patch(f"{URL}/clusters/1", json={"cluster": ACTIVE})
    gone = {"error_code": 404, "error_name": "NOT_FOUND", "error_message": "m"}
    requests_mock.get(f"{URL}/clusters/2", status_code=404, json=gone)

    async def program(client):
        assert (await client.clusters.get("1")).to_dict() == ACTIVE
        assert [c.id for c in await client.clusters.list()] == ["1"]
        assert (await client.clusters.find_unique(name="c")).id == "1"
        assert (await client.clusters.resolve("c")).id == "1"
        assert (await client.clusters.update("1", name="c")).cluster == ACTIVE
        with pytest.raises(base.NotFound, match="^m$"):
            await client.clusters.get("2")
        with pytest.raises(ValueError, match="can't be the id"):
            await client.clusters.get("")

    run(program)


def test_lists_are_iterated_page_by_page(requests_mock):
    def page(request, _):
        start = int(request.qs.get("marker", ["-1"])[0]) + 1
        following = start + 1 if start < 6 else None
        items = [{"id": str(n)} for n in (start, start + 1)]
        return {"clusters": items, "markers": {"next": following}}

    requests_mock.get(f"{URL}/clusters", json=page)
    requests_mock.get(f"{URL}/plugins", json={"plugins": [{"name": "a"}, {"name": "b"}]})

    async def program(client):
        found = [c.id async for c in client.clusters.iterate(page_size=2)]
        assert found == [str(n) for n in range(8)]
        assert requests_mock.call_count == 4
        async for cluster in client.clusters.iterate(page_size=2):
            assert cluster.id == "0"
            break
        assert requests_mock.call_count == 5  # the rest is not asked for
        assert [p.name async for p in client.plugins.iterate()] == ["a", "b"]
        with pytest.raises(ValueError, match="page_size"):
            client.clusters.iterate(page_size=0)

    run(program)


def test_pauses_between_attempts_hold_no_thread(requests_mock):
    """One thread; 20 calls that each pause between attempts take about as long as one of them."""
    seen = {}

    def answer(request, context):
        seen[request.path] = seen.get(request.path, 0) + 1
        context.status_code = 503 if seen[request.path] < 2 else 200
        return {"cluster": ACTIVE}

    for n in range(20):
        requests_mock.get(f"{URL}/clusters/{n}", json=answer)

    async def program(client):
        began = time.monotonic()
        found = await asyncio.gather(*(client.clusters.get(str(n)) for n in range(20)))
        assert [c.status for c in found] == ["Active"] * 20
        assert time.monotonic() - began < 20 * 0.125, "the pauses came one after the other"

    run(program, width=1)
    assert set(seen.values()) == {2}


def test_a_call_of_several_requests_repeats_none_that_was_answered(requests_mock):
    """Tags of API 1.1 take a read and up to two changes; an attempt that fails begins none of them again."""
    image = {"image": {"id": "1", "tags": ["old"]}}
    requests_mock.get(f"{URL}/images/1", [BUSY, {"json": image}])
    tag = requests_mock.post(f"{URL}/images/1/tag", json=image)
    refused = requests.exceptions.ConnectTimeout()
    untag = requests_mock.post(f"{URL}/images/1/untag", [{"exc": refused}, {"json": image}])

    async def program(client):
        await client.images.update_tags("1", ["new"])

    run(program, version="1.1")
    assert (tag.call_count, untag.call_count) == (1, 2)


def test_waits_tell_progress_and_end_as_the_synchronous_ones(requests_mock):
    states = ["Validating", "Spawning", "Active"]
    requests_mock.get(f"{URL}/clusters/1", [{"json": {"cluster": {**ACTIVE, "status": s}}} for s in states])
    failed = {"cluster": {**ACTIVE, "status": "Error", "status_description": "no hosts"}}
    requests_mock.get(f"{URL}/clusters/2", [BUSY, {"json": failed}])
    gone = {"error_code": 404, "error_name": "NOT_FOUND", "error_message": "m"}
    requests_mock.get(f"{URL}/clusters/3", [{"json": {"cluster": ACTIVE}}, {"status_code": 404, "json": gone}])
    requests_mock.get(f"{URL}/clusters/4", json={"cluster": {**ACTIVE, "status": "Spawning"}})
    told, awaited = [], []

    async def later(cluster):
        await asyncio.sleep(0)
        awaited.append(cluster.status)

    async def program(client):
        found = await client.clusters.wait("1", on_progress=lambda c: told.append(c.status), interval=0.01)
        assert (found.status, told) == ("Active", states)
        await client.clusters.wait("1", on_progress=later)
        assert awaited == ["Active"]
        with pytest.raises(base.OperationFailed, match="no hosts"):
            await client.clusters.wait("2", interval=0.01)
        assert await client.clusters.wait_deleted("3", interval=0.01) is None
        with pytest.raises(base.OperationTimedOut, match=r"not within 0.1 s; last seen: <Cluster"):
            await client.clusters.wait("4", timeout=0.1, interval=0.02)
        with client.deadline(0.1), pytest.raises(base.OperationTimedOut):
            await client.clusters.wait("4", interval=0.02)

    run(program)


def test_a_thousand_waits_hold_no_threads_and_little_memory(requests_mock):
    """All wait at once for what comes after a while; each look is one request."""
    ready = False

    def answer(request, _):
        return {"cluster": {"id": request.path.rpartition("/")[2], "status": "Active" if ready else "Spawning"}}

    requests_mock.get(re.compile("/clusters/"), json=answer)

    async def program(client):
        nonlocal ready
        await client.clusters.get("x")
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        waits = [asyncio.ensure_future(client.clusters.wait(str(n), interval=30)) for n in range(1000)]
        while requests_mock.call_count < 1001:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
        requests_mock.reset_mock()  # it keeps all requests
        held = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        most = len(threads())
        for task in waits:
            task.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
        return held, most

    held, most = run(program)
    assert most <= 16
    assert held < 20e6, f"{held / 1e6:.1f} MB"


class Counting(http.server.ThreadingHTTPServer):
    daemon_threads = True
    connections = 0


@contextlib.contextmanager
def server(answer):
    """A server on loopback that answers requests as `answer` does, and counts connections."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self):
            super().setup()
            made.connections += 1

        def do_GET(self):
            body = answer(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            half = len(body) // 2
            self.wfile.write(body[:half])
            self.wfile.flush()
            time.sleep(0.05)
            self.wfile.write(body[half:])

        def log_message(self, *args):
            pass

    made = Counting(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    try:
        yield made, f"http://127.0.0.1:{made.server_port}"
    finally:
        made.shutdown()
        made.server_close()


def test_a_cancelled_call_leaves_its_connection_whole():
    asked = []

    def answer(path):
        asked.append(path)
        return json.dumps({"cluster": ACTIVE}).encode()

    async def program(client):
        for n in range(5):
            task = asyncio.ensure_future(client.clusters.get(f"cancelled-{n}"))
            while len(asked) <= n:
                await asyncio.sleep(0.005)
            task.cancel()  # in the middle of its reply
            with pytest.raises(asyncio.CancelledError):
                await task
        assert (await client.clusters.get("1")).status == "Active"

    with server(answer) as (made, url):
        run(program, url=url, width=1)
        assert made.connections == 1
    assert len(asked) == 6


def test_what_is_cancelled_before_a_thread_was_free_is_never_sent():
    asked = []

    def answer(path):
        asked.append(path)
        return json.dumps({"cluster": ACTIVE}).encode()

    async def program(client):
        first = asyncio.ensure_future(client.clusters.get("first"))
        others = [asyncio.ensure_future(client.clusters.get(f"{n}")) for n in range(10)]
        await asyncio.sleep(0.02)
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        assert (await first).status == "Active"

    with server(answer) as (_, url):
        run(program, url=url, width=1)
    assert len(asked) == 1


def test_a_cancelled_download_leaves_no_file(tmp_path):
    async def program(client):
        task = asyncio.ensure_future(client.job_binaries.download("1", tmp_path / "file"))
        await asyncio.sleep(0.03)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with server(lambda path: b"x" * 5_000_000) as (_, url):
        run(program, url=url)
    assert list(tmp_path.iterdir()) == []


def test_a_download_tells_its_progress_in_the_event_loops_thread(tmp_path):
    told = []

    async def program(client):
        def moved(done, total):
            told.append((done, total, threading.current_thread() is threading.main_thread()))

        size = await client.job_binaries.download("1", tmp_path / "file", moved)
        await asyncio.sleep(0)
        return size

    with server(lambda path: b"x" * 1000) as (_, url):
        assert run(program, url=url) == 1000
    assert told[-1] == (1000, 1000, True)


def test_factories_take_what_the_synchronous_ones_take(monkeypatch):
    for name in ("OS_AUTH_URL", "OS_CLOUD"):
        monkeypatch.delenv(name, raising=False)
    assert type(make("1.1")).__name__ == Client.__name__
    assert type(make("2", timeout=5)).__name__ == ClientV2.__name__
    with pytest.raises(saharaclient.client.UnsupportedVersion):
        make("3")
    with pytest.raises(TypeError, match="tiemout"):
        make("2", tiemout=5)
    with pytest.raises(ValueError, match="width"):
        make("2", width=0)
    with pytest.raises(base.ConfigurationError):
        aio.connect()


def test_the_event_loop_is_not_held_up(requests_mock, monkeypatch):
    """What the loop's own thread does at a stretch takes less than 10 ms, and it never sends nor sleeps itself.

    Its processor time is measured: the seconds on the wall are those of whatever else the machine does.
    """
    stretches, senders = [], set()
    plain = asyncio.Handle._run

    def timed(handle):
        began = time.thread_time()
        plain(handle)
        stretches.append(time.thread_time() - began)

    def answer(request, _):
        senders.add(threading.current_thread() is threading.main_thread())
        return {"cluster": {"id": request.path.rpartition("/")[2], "status": "Active"}}

    requests_mock.get(re.compile("/clusters/"), json=answer)
    monkeypatch.setattr(asyncio.Handle, "_run", timed)

    async def program(client):
        asked = []
        for n in range(500):
            asked += [asyncio.ensure_future(client.clusters.get(str(n)))]
            asked += [asyncio.ensure_future(client.clusters.wait(str(n)))]
            if n % 20 == 0:
                await asyncio.sleep(0)  # how many it asks for at a stretch is the program's own affair
        await asyncio.gather(*asked)

    async def nothing(client):
        await client.clusters.get("0")

    run(nothing)  # which imports what a client needs
    stretches.clear()
    gc.collect()
    gc.freeze()  # it may run in any thread at any time, and go through all that the other tests have left
    try:
        run(program)
    finally:
        gc.unfreeze()
    assert senders == {False}
    assert max(stretches) < 0.01
