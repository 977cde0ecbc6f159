"""Figures of a project as code on the embedded service, as JSON on stdout."""

import json
import multiprocessing
import random
import time

from keystoneauth1 import session
from keystoneauth1.identity import v3
from tests.projects import ENVIRONMENT, large, requests_of

from saharaclient import project
from saharaclient.client import Client
from saharaclient.local import LocalSahara

NUMBER, ROUNDS, KILLS = 200, 5, 50
LONGEST = 1.0  # seconds until it is killed


def planned(client, wanted):
    return project.plan(client, wanted, environment=ENVIRONMENT)


def apply(client, wanted):
    project.apply(client, planned(client, wanted), environment=ENVIRONMENT)


def destroy(client, wanted):
    project.apply(client, project.plan_destroy(client, wanted))


def of_two_hundred(client):
    """How long a plan takes, its requests, and what a second application writes."""
    wanted, times = large(NUMBER), []
    apply(client, wanted)
    for _ in range(ROUNDS):
        with requests_of(client) as sent:
            began = time.perf_counter()
            made = planned(client, wanted)
            times.append(time.perf_counter() - began)
    with requests_of(client) as again:
        project.apply(client, made, environment=ENVIRONMENT)
    destroy(client, wanted)
    return {
        f"plan of {NUMBER} resources": min(times),
        f"plan of {NUMBER} resources, requests": len(sent),
        f"second apply of {NUMBER} resources, writes": sum(method != "GET" for method, _ in again),
    }


def small():
    """What is applied while it is killed."""
    return large(30, clusters=2)


def apply_elsewhere(auth, begun):
    """In a process of its own: says that there is a plan, and applies it."""
    with Client("2", session=session.Session(auth=v3.Password(**auth))) as client:
        made = planned(client, small())
        begun.set()
        project.apply(client, made, environment=ENVIRONMENT)


def killed(sahara, client):
    """How often an application that was killed was not finished by the next one."""
    wanted, unfinished = small(), 0
    processes = multiprocessing.get_context("spawn")
    for _ in range(KILLS):
        begun = processes.Event()
        process = processes.Process(target=apply_elsewhere, args=(sahara.cloud["auth"], begun))
        process.start()
        begun.wait()
        time.sleep(random.uniform(0, LONGEST))
        process.kill()
        process.join()
        apply(client, wanted)
        unfinished += not planned(client, wanted).empty
        destroy(client, wanted)
    return {f"apply killed at {KILLS} moments, not finished by the next": unfinished}


if __name__ == "__main__":
    with LocalSahara(fake_delay=0.02) as sahara, sahara.client("2") as client:
        print(json.dumps({**of_two_hundred(client), **killed(sahara, client)}))
