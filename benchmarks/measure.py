"""One contestant's figures, as JSON on stdout: run by the Python that has it installed.

    measure.py URL (this|4.2.0|iterate|download|commands)

Times are the best of several rounds (BENCH_ROUNDS, by default 5), in seconds; memory is the growth of the process's
peak, in bytes.
"""

import concurrent.futures
import functools
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

URL, WHO = sys.argv[1:]
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
NAME = "cluster-7000"


def best(call, rounds=ROUNDS, times=1):
    """The shortest time of one call."""
    found = []
    for _ in range(rounds):
        started = time.perf_counter()
        for _ in range(times):
            call()
        found.append((time.perf_counter() - started) / times)
    return min(found)


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def import_time(module):
    """Seconds to import a module in a new process, beyond importing keystoneauth1's sessions and adapters."""
    script = (
        "import time; import keystoneauth1.session, keystoneauth1.adapter; started = time.perf_counter(); "
        f"import {module}; print(time.perf_counter() - started)"
    )
    return min(float(subprocess.check_output([sys.executable, "-c", script], text=True)) for _ in range(ROUNDS))


def paired(calls, rounds=ROUNDS, times=1):
    """The shortest times of several calls, each round of them one after the other: the machine is the same for all."""
    found = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            found[name].append(best(call, rounds=1, times=times))
    return {name: min(times) for name, times in found.items()}


def in_threads(width, call, items):
    """Call for each item, so many at once, without this library."""
    with concurrent.futures.ThreadPoolExecutor(width) as pool:
        return list(pool.map(call, items))


def with_client():
    """The client beside plain `requests` and `json`, whose figures are called "requests: …"."""
    import requests
    from keystoneauth1 import session, token_endpoint

    from saharaclient import client

    def make(url):
        return client.Client("2", session=session.Session(token_endpoint.Token(url, "t")), sahara_url=url)

    plain, sahara, slow = requests.Session(), make(URL), make(f"{URL}/slow")

    def whole():
        return plain.get(f"{URL}/clusters").json()["clusters"]

    pairs = {
        "get": (lambda: sahara.clusters.get("id-1"), lambda: plain.get(f"{URL}/clusters/id-1").json(), 50),
        "list": (lambda: sahara.clusters.list(), whole, 1),
        "list, names": (lambda: [c.name for c in sahara.clusters.list()], lambda: [c["name"] for c in whole()], 1),
    }
    figures = {}
    for what, (ours, theirs, times) in pairs.items():
        ours(), theirs()
        rounds = 4 * ROUNDS if times > 1 else ROUNDS
        figures |= paired({what: ours, f"requests: {what}": theirs}, rounds, times)
    figures["find_unique"] = best(lambda: sahara.clusters.find_unique(name=NAME), times=1 if WHO == "4.2.0" else 50)
    ids = [f"id-{n}" for n in range(1000)]
    if WHO == "4.2.0":
        figures["1,000 gets at 20 ms"] = best(lambda: in_threads(16, slow.clusters.get, ids), rounds=1)
        return figures
    from saharaclient import bulk

    plain.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=64))

    def in_bulk(width):
        return [outcome.result() for outcome in bulk.each(slow.clusters.get, ids, width=width)]

    def one(id_):
        return plain.get(f"{URL}/slow/clusters/{id_}").json()

    for width, name in ((16, "1,000 gets at 20 ms"), (64, "1,000 gets at 20 ms, width 64")):
        compared = f"{name}, compared"
        ours, theirs = functools.partial(in_bulk, width), functools.partial(in_threads, width, one, ids)
        figures |= paired({compared: ours, f"requests: {compared}": theirs}, min(ROUNDS, 3))
        figures[name] = figures[compared]
    return figures


def download_memory():
    from keystoneauth1 import session, token_endpoint

    from saharaclient import client

    binaries = client.Client("2", session=session.Session(token_endpoint.Token(URL, "t")), sahara_url=URL).job_binaries
    if not hasattr(binaries, "download"):
        return {"download, memory": grown(lambda: binaries.get_file("x"))}
    with tempfile.TemporaryDirectory() as folder:
        return {"download, memory": grown(lambda: binaries.download("x", pathlib.Path(folder) / "f"))}


def grown(call):
    before = peak()
    call()
    return peak() - before


def iterate_memory():
    from keystoneauth1 import session, token_endpoint

    from saharaclient import client

    sahara = client.Client("2", session=session.Session(token_endpoint.Token(URL, "t")), sahara_url=URL)
    sahara.clusters.get("id-1")

    def all_of_them():
        found = sum(1 for _ in sahara.clusters.iterate({"total": 100_000}))
        assert found == 100_000, found

    started = time.perf_counter()
    memory = grown(all_of_them)
    return {"iterate 100,000": time.perf_counter() - started, "iterate 100,000, memory": memory}


def command_start():
    """Seconds of a command with one request, by `openstack` and by `sahara`, and of two of OpenStackClient's own.

    Not `--help`: that loads every command there is.
    """
    login = ["--os-auth-type", "admin_token", "--os-endpoint", URL, "--os-token", "t"]
    login += ["--os-data-processing-api-version", "2"]
    cluster = "00000000-0000-4000-8000-000000000001"

    user = ["--os-auth-url", f"{URL}/v3", "--os-username", "u", "--os-password", "p", "--os-project-name", "p"]
    user += ["--os-user-domain-id", "default", "--os-project-domain-id", "default"]
    variables = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    for name, value in zip(login[::2], login[1::2], strict=True):
        variables[name.removeprefix("--").replace("-", "_").upper()] = value

    def tell(program, *command, env=None):
        line = [pathlib.Path(sys.executable).with_name(program), *command]
        subprocess.run(line, check=True, stdout=subprocess.DEVNULL, env=env)

    figures = {
        "command start": best(lambda: tell("openstack", *login, "dataprocessing", "cluster", "show", cluster)),
        "command start, token issue": best(lambda: tell("openstack", *user, "token", "issue")),
        "command start, plain": best(lambda: tell("openstack", "--version")),
    }
    if pathlib.Path(sys.executable).with_name("sahara").exists():  # 4.2.0 had none
        figures["command start, sahara"] = best(lambda: tell("sahara", "cluster", "show", cluster, env=variables))
    return figures


def with_client_and_imports():
    imports = {"saharaclient.client": "saharaclient.client", "with all managers": "saharaclient.api.client"}
    return {**with_client(), **{f"import {what}": import_time(module) for what, module in imports.items()}}


def with_asyncio():
    """Gets at once, and waits at once for clusters that never get there; how long the event loop was held meanwhile."""
    import asyncio
    import threading
    import tracemalloc

    from keystoneauth1 import session, token_endpoint

    from saharaclient import aio

    def make(url):
        return aio.Client("2", session.Session(token_endpoint.Token(url, "t")), sahara_url=url)

    held = []
    plain = asyncio.Handle._run

    def timed(handle):
        started = time.thread_time()  # what the loop itself is busy with, not what the machine does beside it
        plain(handle)
        held.append(time.thread_time() - started)

    async def gets():
        async with make(f"{URL}/slow") as client:
            await client.clusters.get("id-1")
            started = time.perf_counter()
            tasks = []
            for n in range(1000):
                tasks.append(asyncio.ensure_future(client.clusters.get(f"id-{n}")))
                if n % 20 == 0:  # to make tasks is this script's part of the loop's time
                    await asyncio.sleep(0)
            await asyncio.gather(*tasks)
            return time.perf_counter() - started

    async def waits():
        async with make(URL) as client:
            await client.clusters.get("id-1")
            seen = set()
            tracemalloc.start()
            wait = client.clusters.wait
            tasks = [
                asyncio.ensure_future(wait(f"id-{n}", "Nowhere", 600, lambda c: seen.add(c.id), interval=600))
                for n in range(1000)
            ]
            while len(seen) < len(tasks):
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            memory, _ = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            threads = sum(1 for thread in threading.enumerate() if thread.name.startswith("saharaclient-aio"))
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            return memory, threads

    seconds = min(asyncio.run(gets()) for _ in range(min(ROUNDS, 3)))
    asyncio.Handle._run = timed
    asyncio.run(gets())
    asyncio.Handle._run = plain
    memory, threads = asyncio.run(waits())
    return {
        "1,000 gets at 20 ms, asyncio": seconds,
        "1,000 waits, asyncio, memory": memory,
        "1,000 waits, asyncio, threads": threads,
        "asyncio, longest hold of the event loop": max(held),
    }


PARTS = {
    "asyncio": with_asyncio,
    "iterate": iterate_memory,
    "download": download_memory,
    "commands": command_start,
}

if __name__ == "__main__":
    print(json.dumps(PARTS.get(WHO, with_client_and_imports)()))
