"""What `make bench` tells: of each figure its goal and what it means, and how a figure is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from math import floor, log10

MB = 1024 * 1024


@dataclass(frozen=True)
class Row:
    """One figure.

    Args:
        name: what is measured, as the measuring scripts name it.
        unit: a key of `UNITS`.
        meaning: what was done, in a sentence for the manual.
        goal: what the figure is to be at most, if anything is promised.
    """

    name: str
    unit: str
    meaning: str
    goal: float | None = None


# how a figure is made of what was measured, and what stands behind it
UNITS: dict[str, tuple[Callable[[float, str, dict[str, float]], float], str]] = {
    "requests": (lambda value, name, measured: value / measured[f"requests: {name}"], " × requests"),
    "get": (lambda value, _, measured: value / measured["get"], " × get"),
    "openstack": (lambda value, _, measured: value / measured["command start, plain"], " × openstack --version"),
    "starlette": (lambda value, *_: value, " × starlette"),
    "memory": (lambda value, *_: value / MB, " MB"),
    "ms": (lambda value, *_: value * 1000, " ms"),
    "": (lambda value, *_: value, ""),
    "a second": (lambda value, *_: value, " / s"),
    "s": (lambda value, *_: value, " s"),
}

LIBRARY = [
    Row("get", "requests", "One cluster by its id; beside `requests.get(…).json()` of the same URL.", 0.9),
    Row("list", "requests", "10,000 clusters in one reply; beside `requests` and `json`.", 0.3),
    Row("list, names", "requests", "The same, and the name of each is read.", 0.45),
    Row("find_unique", "get", "One cluster of 10,000 by its name; beside a get.", 3.0),
    Row("1,000 gets at 20 ms", "s", "`bulk.each`, 16 at once, from a server that takes 20 ms for each.", 1.5),
    Row("1,000 gets at 20 ms, width 64", "s", "The same, 64 at once.", 1.0),
    Row("1,000 gets at 20 ms, compared", "requests", "`bulk.each`, 16 at once; beside `requests` in 16 threads."),
    Row("1,000 gets at 20 ms, width 64, compared", "requests", "The same, 64 at once, beside 64 threads."),
    Row("1,000 gets at 20 ms, asyncio", "s", "The same with `saharaclient.aio`, all asked for at once.", 1.7),
    Row("1,000 waits, asyncio, memory", "memory", "1,000 waits for clusters under way in one event loop.", 20.0),
    Row("1,000 waits, asyncio, threads", "", "Threads of the library during these waits.", 16.0),
    Row("asyncio, longest hold of the event loop", "ms", "The longest step of the loop during the 1,000 gets.", 10.0),
    Row("iterate 100,000, memory", "memory", "What 100,000 clusters take, looked at one after the other.", 30.0),
    Row("download, memory", "memory", "What it takes to store a binary of 64 MB.", 8.0),
    Row("import saharaclient.client", "ms", "The import, beyond that of keystoneauth1.", 10.0),
    Row("import with all managers", "ms", "The same with all that a client of either API uses.", 10.0),
    Row("command start", "openstack", "`openstack dataprocessing cluster show`; beside `openstack --version`."),
    Row("command start, sahara", "openstack", "`sahara cluster show`, the same command; beside the same."),
    Row("command start, token issue", "openstack", "OpenStackClient's own `token issue`, to compare with."),
]
SERVICE = [
    Row("reads a second, one at a time", "a second", "`plugins.get` on the embedded service, by this library."),
    Row("reads a second, 8 at once", "a second", "The same by eight threads: client and service share the cores."),
    Row("GET /plugins, 8 at once", "starlette", "The service's work; beside a bare handler with the same answer."),
    Row("GET /identity/v3, 8 at once", "starlette", "The same of a read that needs no token's owner and no record."),
    Row("mixed requests a second, 64 clients", "a second", "Data sources and objects made, changed, read, deleted."),
    Row("mixed request, 64 clients, 50 % in ms", "", "Half of these requests take no longer."),
    Row("mixed request, 64 clients, 90 % in ms", "", "Nine of ten take no longer."),
    Row("mixed request, 64 clients, 99 % in ms", "", "99 of 100 take no longer."),
    Row("two Spark nodes Active", "s", "From the creation of a cluster with a master and a worker to Active.", 15.0),
    Row("idle cluster, memory", "memory", "What its two nodes have in memory when it is Active."),
    Row("second run of a job", "s", "A small sum in Spark, from the request to its result, for the second time."),
    Row("30 jobs queued", "s", "The same 30 times, asked for at once: as many run at a time as the service lets."),
    Row("disk after 20 runs", "memory", "What 20 of these runs leave in the state folder, event logs included."),
    Row("plan of 200 resources", "s", "`project.plan` of what stands in the cloud as the file says.", 1.0),
    Row("plan of 200 resources, requests", "", "Its requests.", 10),
    Row("second apply of 200 resources, writes", "", "Requests that change anything, where nothing is to do.", 0),
    Row("apply killed at 50 moments, not finished by the next", "", "kill -9 at random, then `apply` once more.", 0),
    Row("word count end to end", "s", "`make demo`: from no service to a result that was checked."),
]


def shown(value: float) -> str:
    """A figure with three digits that say something; what was counted as it is."""
    if isinstance(value, int):
        return f"{value:,}"
    digits = 2 - floor(log10(abs(value))) if value else 0
    return f"{round(value, digits):,.{max(0, digits)}f}"
