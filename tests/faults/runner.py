"""Runs cells of the matrix and notes what came of each."""

from __future__ import annotations

import os
import re
import socketserver
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keystoneauth1 import exceptions

from saharaclient.api import base
from tests.faults.faults import PAUSE
from tests.faults.limits import ATTEMPTS, BUSY, LAG, PATIENCE, REPLY, REPLY_SIZE, SILENCE, WAIT, WAITING
from tests.faults.operations import CONTENT, Place, World
from tests.faults.proxy import Exchange, FaultProxy, Loop
from tests.faults.rules import CELLS, OK, Cell, given

if TYPE_CHECKING:
    from tests.faults.world import Cloud


@dataclass
class Result:
    """What came of a cell.

    Attributes:
        outcome: `ok`, `connection`, or the name of the error's class.
        error: the error, if there was one.
        seconds: that it took.
        exchanges: what came to the proxy while it ran.
        open: connections to the proxy when it was done.
        left: those of them that stay when the client is closed.
        lag: the most seconds for which the machine or the server held it up.
        files: that stayed in its folder.
        usable: the error of a read without faults afterwards, if there was one.
        done: how often the server has what was to be made, once all cells are done.
    """

    name: str
    outcome: str
    error: BaseException | None
    seconds: float
    exchanges: list[Exchange]
    open: int
    lag: float = 0.0
    left: int = 0
    files: list[str] = field(default_factory=list)
    usable: Exception | None = None
    done: int = 0


class Elsewhere(socketserver.ThreadingTCPServer):
    """Another host: it notes whatever comes to it."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        class Note(socketserver.BaseRequestHandler):
            server: Elsewhere

            def handle(self) -> None:
                self.server.came.append(self.request.recv(65536))

        self.came: list[bytes] = []
        super().__init__(("127.0.0.1", 0), Note)
        # by another name of this machine: what counts is the name
        self.url = f"http://localhost:{self.server_address[1]}"

    def __enter__(self) -> Elsewhere:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


def connections(port: int) -> int:
    """How many open sockets lead to a port of this machine, by the kernel's table.

    To ask for those of a process takes a system call for each of its files, which hundreds of threads don't bear.
    """
    sockets = Path("/proc/net/tcp").read_text()
    inodes = re.findall(rf" 0100007F:{port:04X} \w\w \S+ \S+ \S+ +\d+ +\d+ (\d+)", sockets)
    return len({*inodes} - {"0"})  # 0: closed; one that moves while the table is read may be met twice


def classify(error: BaseException) -> str:
    if isinstance(error, exceptions.ConnectionError):
        return "connection"
    return type(error).__name__ if isinstance(error, base.APIException) else repr(error)


@dataclass
class Matrix:
    """What came of the cells.

    Attributes:
        results: of each.
        discarded: of those that were held up and run again.
        elsewhere: what another host was sent meanwhile.
        log: what the server's own log tells of requests; None if there is none to read.
    """

    results: dict[Cell, Result]
    discarded: list[tuple[Cell, Result]]
    elsewhere: list[bytes]
    log: str | None


def run(cells: list[Cell], cloud: Cloud, worlds: dict[str, World], folder: Path) -> Matrix:
    """Runs the cells, many at once; then asks the server what it has."""
    discarded: list[tuple[Cell, Result]] = []
    with (
        Loop() as loop,
        Elsewhere() as elsewhere,
        ThreadPoolExecutor(BUSY) as busy,
        ThreadPoolExecutor(WAITING) as waiting,
    ):

        def one(cell: Cell, attempt: int = 1) -> Result:
            place = folder / f"{CELLS.index(cell)}-{attempt}"
            result = _run(cell, cloud, worlds[cell.version], loop, elsewhere.url, place)
            if result.lag < LAG or attempt == ATTEMPTS:
                return result
            discarded.append((cell, result))
            return one(cell, attempt + 1)

        begun = {cell: (waiting if waits(cell) else busy).submit(one, cell) for cell in cells}
        results = {cell: future.result() for cell, future in begun.items()}
        came = elsewhere.came
    plain = worlds["1.1"].plain
    made = [x.name for x in plain.data_sources.iterate()] + [x.name for x in plain.job_binary_internals.iterate()]
    made += [name for x in plain.job_executions.iterate() for name in (x.job_configs or {}).get("args", [])]
    for result in [*results.values(), *(result for _, result in discarded)]:
        result.done = made.count(result.name)
    return Matrix(results, discarded, came, cloud.log() if cloud.log else None)


def _run(cell: Cell, cloud: Cloud, world: World, loop: Loop, elsewhere: str, folder: Path) -> Result:
    fault, operation = cell.facts
    folder.mkdir()
    name = f"c{os.getpid() % 10000}-{folder.name}"
    source = world.plain.data_sources.create(f"{name}-own", "", "hdfs", "/own").id
    proxy = FaultProxy(
        loop,
        cloud.address,
        fault.harm if fault.connects else None,
        (cell.method, operation.path),
        first=operation.first,
        times=None if cell.always else 1,
        listening=fault.connects,
    )
    # what refuses a token ends it for all who share it
    auth = cloud.log_in() if fault.gives == 401 else cloud.auth
    with proxy:
        proxy.elsewhere = elsewhere
        client = cloud.client(
            cell.version,
            f"127.0.0.1:{proxy.port}",
            auth,
            timeout=SILENCE,
            reply_timeout=REPLY,
            retry_deadline=PATIENCE,
            max_reply_bytes=REPLY_SIZE,
        )
        if not fault.connects and not cell.always:
            threading.Timer(0.3, proxy.listen).start()
        started = time.monotonic()
        error: Any = None
        try:
            operation.run(Place(world, client, name, source, folder), given(cell) == "good" and not fault.forged)
        except Exception as caught:
            error = caught
        seconds = time.monotonic() - started
        result = Result(
            name, OK if error is None else classify(error), error, seconds, list(proxy.record), connections(proxy.port)
        )
        proxy.heal()
        try:
            client.plugins.list()
        except Exception as caught:
            result.usable = caught
        client.close()
        result.lag = max([loop.lag(started), *(x.server_seconds for x in result.exchanges)])
        result.left = connections(proxy.port)
        result.files = [path.name for path in folder.iterdir()]
    return result


def waits(cell: Cell) -> bool:
    """Whether a cell spends its time waiting for what does not come."""
    fault, operation = cell.facts
    return fault.slow or fault.silent or (cell.always and (cell.safe or not fault.connects or operation.waits))


def longest(cell: Cell) -> float:
    """Seconds within which a cell must have ended, on a busy machine too: its deadlines, and some for the work."""
    _, operation = cell.facts
    flow = len(CONTENT) * PAUSE if operation.streams else 0.0
    return SILENCE + REPLY + PATIENCE + (WAIT if operation.waits else 0.0) + flow + 30.0
