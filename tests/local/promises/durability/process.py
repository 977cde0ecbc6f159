"""A service in a process of its own that is started and ended again and again on one state folder, and what it left."""

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

from saharaclient.local.login import cloud
from saharaclient.local.server import state_folder

from .model import User

COMMAND = Path(sys.executable).parent / "sahara-local"
OWNERS = "ab"
SOON = 20.0  # seconds


class Process:
    """`sahara-local serve` on a state folder.

    Args:
        state: The folder.
        words: Further words of its command line.
    """

    def __init__(self, state, *words):
        self.state, self.words = state, words
        self.process = None

    def start(self, *, wait=True):
        words = [COMMAND, "serve", "--state", self.state, "--port", "0", *self.words]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if not wait:
            return None
        line = self.process.stdout.readline()
        assert line.startswith("Sahara runs at "), line + self.process.stdout.read()
        return self.user()

    def user(self):
        running, password = state_folder.find_running(self.state)
        return User(running.url, password)

    @property
    def cloud(self):
        return cloud(*state_folder.find_running(self.state))

    def kill(self):
        self.process.kill()
        self.process.communicate()

    def terminate(self, seconds):
        """Ends it by SIGTERM; answers what it has printed."""
        self.process.terminate()
        output, _ = self.process.communicate(timeout=seconds)
        assert self.process.returncode == 0, output
        return output


def use(service, model, chance, kit, end):
    """Lets two users work until the service is ended, after a number of requests: a slow machine tests as much."""
    users = [service.user() for _ in OWNERS]
    threads = [
        threading.Thread(target=one.use, args=(model, random.Random(chance.random()), owner, kit))
        for one, owner in zip(users, OWNERS, strict=True)
    ]
    for thread in threads:
        thread.start()
    wanted = chance.randrange(80)
    while sum(one.answered for one in users) < wanted and any(thread.is_alive() for thread in threads):
        time.sleep(0.001)
    time.sleep(chance.uniform(0.0, 0.02))  # so that it also ends in the middle of one
    end()
    for thread in threads:
        thread.join(SOON)


def settled(user, seconds=SOON):
    """The clusters and runs, when nothing is under way any more."""
    deadline = time.monotonic() + seconds
    while True:
        clusters, runs = user.clusters(), user.runs()
        if set(clusters.values()) <= {"Active", "Error"} and set(runs.values()) <= {"SUCCEEDED", "FAILED", "KILLED"}:
            return clusters, runs
        assert time.monotonic() < deadline, f"under way: {clusters} {runs}"
        time.sleep(0.02)


def leftovers(state, user):
    """Files that no record names."""
    yield from (state / "uploads").iterdir()
    stored = user.send("GET", "/object-store/v1/AUTH_{project}/kept?format=json").json()
    for folder, known in (("objects", len(stored)), ("binaries", len(user.ids("binary")))):
        files = list((state / folder).glob("*"))
        if len(files) != known:
            yield f"{len(files)} files in {folder} of {known} records"
    yield from (path for path in (state / "jobs").glob("*") if path.name not in user.runs())
    yield from state.glob("password.*")
    yield from state.glob("running.json.*")


def processes_of(state, but=None):
    """Processes that name the state folder, apart from the service itself."""
    for process in psutil.process_iter(["pid", "cmdline"]):
        if process.info["pid"] not in (but, os.getpid()) and str(state) in " ".join(process.info["cmdline"] or ()):
            yield process.info


def check(user, model, service):
    """What is wrong: compared with what was answered, left over, or still running."""
    clusters, runs = settled(user)
    wrong = model.settle(user.found(), runs)
    wrong += [f"cluster {name} is {status}" for name, status in clusters.items() if status != "Active"]
    wrong += [f"left over: {path}" for path in leftovers(service.state, user)]
    wrong += [f"orphan: {process}" for process in processes_of(service.state, service.process.pid)]
    return wrong


def random_numbers():
    """Random numbers, by a seed that a failed run tells."""
    seed = int(os.environ.get("SAHARA_KILL_SEED", random.SystemRandom().randrange(10**6)))
    print(f"SAHARA_KILL_SEED={seed}")
    return random.Random(seed)


def tell(model, times):
    """Prints what was there, and sees to it that it was something."""
    kinds = {kind: sum(k == kind for k, _ in model.allowed) for kind in ("object", "binary", "cluster")}
    print(f"{kinds} and {len(model.runs)} runs after {times} ends")
    assert min(*kinds.values(), len(model.runs)) > 0
