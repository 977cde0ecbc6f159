"""`kill -9` at random moments: what was answered is there after the next start, and nothing is left half done."""

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

from .model import Model, User

COMMAND = Path(sys.executable).parent / "sahara-local"
ROUNDS = 16  # in each the service is killed while it is used
STARTS_KILLED = 4  # in so many rounds it is killed again while it starts
OWNERS = "ab"
SOON = 20.0  # seconds


class Killed:
    """A service that is started and killed again and again on one state folder."""

    def __init__(self, state):
        self.state = state
        self.process = None

    def start(self, *, wait=True):
        words = [COMMAND, "serve", "--state", self.state, "--port", "0", "--fake-delay", "0.02"]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if not wait:
            return None
        line = self.process.stdout.readline()
        assert line.startswith("Sahara runs at "), line + self.process.stdout.read()
        return User(line.split()[3].rstrip(","), (self.state / "password").read_text().strip())

    def kill(self):
        self.process.kill()
        self.process.communicate()


def settled(user):
    """The clusters and runs, when nothing is under way any more."""
    deadline = time.monotonic() + SOON
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


def processes_of(state, but):
    """Processes that name the state folder, apart from the service itself."""
    for process in psutil.process_iter(["pid", "cmdline"]):
        if process.info["pid"] not in (but, os.getpid()) and str(state) in " ".join(process.info["cmdline"] or ()):
            yield process.info


def check(user, model, service):
    clusters, runs = settled(user)
    wrong = model.settle(user.found(), runs)
    wrong += [f"cluster {name} is {status}" for name, status in clusters.items() if status != "Active"]
    wrong += [f"left over: {path}" for path in leftovers(service.state, user)]
    wrong += [f"orphan: {process}" for process in processes_of(service.state, service.process.pid)]
    return wrong


def test_what_was_answered_survives_kill_9(tmp_path):
    seed = int(os.environ.get("SAHARA_KILL_SEED", random.SystemRandom().randrange(10**6)))
    print(f"SAHARA_KILL_SEED={seed}")
    chance = random.Random(seed)
    service, model = Killed(tmp_path / "state"), Model()
    try:
        user = service.start()
        kit = user.prepare()
        early = set(chance.sample(range(ROUNDS), STARTS_KILLED))
        for number in range(ROUNDS):
            users = [User(user.url, (service.state / "password").read_text().strip()) for _ in OWNERS]
            threads = [
                threading.Thread(target=one.use, args=(model, random.Random(chance.random()), owner, kit))
                for one, owner in zip(users, OWNERS, strict=True)
            ]
            for thread in threads:
                thread.start()
            time.sleep(chance.uniform(0.05, 0.8))
            user.session.close()
            service.kill()
            for thread in threads:
                thread.join(SOON)
            if number in early:
                service.start(wait=False)
                time.sleep(chance.uniform(0.3, 2.0))
                service.kill()
            user = service.start()
            wrong = check(user, model, service)
            assert not wrong, f"seed {seed}, round {number + 1}:\n" + "\n".join(wrong)
        kinds = {kind: sum(k == kind for k, _ in model.allowed) for kind in ("object", "binary", "cluster")}
        print(f"{kinds} and {len(model.runs)} runs after {ROUNDS + STARTS_KILLED} kills")
        assert min(*kinds.values(), len(model.runs)) > 0
        user.session.close()
    finally:
        service.kill()
