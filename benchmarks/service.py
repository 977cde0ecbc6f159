"""Figures of the embedded service, as JSON on stdout: requests a second."""

import contextlib
import itertools
import json
import pathlib
import socket
import statistics
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

import uvicorn
from starlette.responses import Response

from saharaclient import bulk
from saharaclient.client import Client
from saharaclient.local import LocalSahara
from saharaclient.local.server.protocol import Protocol

REQUESTS = 1000
CLIENTS, MIXED_SECONDS = 64, 10
TURNS, TURN_SECONDS = 5, 1


def requests_a_second(client, plugin_name, width):
    """Authenticated reads through the client, `width` at once."""
    started = time.perf_counter()
    for outcome in bulk.each(client.plugins.get, [plugin_name] * REQUESTS, width=width):
        outcome.result()
    return REQUESTS / (time.perf_counter() - started)


@contextlib.contextmanager
def bare(answer):
    """The address of a starlette handler that does nothing but answer, on a uvicorn like the service's."""
    config = uvicorn.Config(
        answer, http=Protocol, loop="uvloop", ws="none", lifespan="off", log_config=None, access_log=False,
        server_header=False, proxy_headers=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()
        finally:
            server.should_exit = True
            thread.join()


def blast(address, request):
    """Requests a second, by eight connections of another process."""
    host, port = address
    command = [sys.executable, pathlib.Path(__file__).with_name("blast.py"), host, str(port), "8", str(TURN_SECONDS)]
    return float(subprocess.run(command, input=request, stdout=subprocess.PIPE, check=True).stdout)


def beside_starlette(sahara, path):
    """How much longer a read takes than the same answer of a bare handler: both in turns, the median of all."""
    session = sahara.session()
    reply = session.get(f"{sahara.url}{path}")
    answer = Response(reply.content, media_type="application/json")
    url = urlsplit(sahara.url)
    request = f"GET {path} HTTP/1.1\r\nHost: {url.netloc}\r\nX-Auth-Token: {session.get_token()}\r\n\r\n".encode()
    with bare(answer) as address:
        ratios = [blast(address, request) / blast((url.hostname, url.port), request) for _ in range(TURNS)]
    return statistics.median(ratios)


def steps(client, session, name):
    """One round of mixed work: a record from its creation to its deletion, and an object stored and read."""
    store = {"endpoint_filter": {"service_type": "object-store", "interface": "public"}}
    source = client.data_sources.create(name, "", "hdfs", "/data")
    yield
    client.data_sources.update(source.id, {"description": name})
    yield
    client.data_sources.get(source.id)
    yield
    client.data_sources.list(limit=20)
    yield
    session.put(f"/bench/{name}", data=name, **store)
    yield
    session.get(f"/bench/{name}", **store)
    yield
    client.data_sources.delete(source.id)
    yield


def mixed_work(sahara):
    """Requests a second of 64 clients at once, each with a session of its own, and how long they take."""
    times = []

    def work(number, client, session, until):
        for name in (f"c{number}-{each}" for each in itertools.count()):
            began = time.perf_counter()
            for _ in steps(client, session, name):
                ended = time.perf_counter()
                times.append(ended - began)
                if ended > until:
                    return
                began = ended

    sahara.session().put("/bench", endpoint_filter={"service_type": "object-store", "interface": "public"})
    sessions = [sahara.session() for _ in range(CLIENTS)]
    clients = [Client("2", session=session) for session in sessions]
    for client in clients:
        client.plugins.list()
    until = time.perf_counter() + MIXED_SECONDS
    threads = [
        threading.Thread(target=work, args=(*one, until)) for one in zip(range(CLIENTS), clients, sessions, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    figures = {f"mixed requests a second, {CLIENTS} clients": len(times) / MIXED_SECONDS}
    for share in (50, 90, 99):
        figures[f"mixed request, {CLIENTS} clients, {share} % in ms"] = times[len(times) * share // 100] * 1000
    return figures


if __name__ == "__main__":
    with LocalSahara() as sahara:
        client = sahara.client("2")
        client.plugins.list()
        print(
            json.dumps(
                {
                    "reads a second, one at a time": requests_a_second(client, "fake", 1),
                    "reads a second, 8 at once": requests_a_second(client, "fake", 8),
                    "GET /plugins, 8 at once": beside_starlette(sahara, "/v2/plugins"),
                    "GET /identity/v3, 8 at once": beside_starlette(sahara, "/identity/v3"),
                    **mixed_work(sahara),
                }
            )
        )
