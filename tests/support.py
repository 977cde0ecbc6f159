"""What several tests need: recorded replies, a clock that costs no time, clients over a faked wire."""

import functools
import json
import pathlib

from keystoneauth1 import session, token_endpoint

from saharaclient import client

URL = "http://sahara.test:8386/v1.1/project"
RECORDINGS = pathlib.Path(__file__).parent / "recordings"


@functools.cache
def recordings(version):
    return json.loads((RECORDINGS / f"v{version}.json").read_text())


def recorded(version, what, occurrence=0):
    """The reply recorded under this title."""
    found = [e for e in recordings(version) if e.get("what") == what and "status" in e]
    return found[occurrence]


class FakeClock:
    """A clock that passes only by sleeping."""

    def __init__(self):
        self.seconds = 1000.0
        self.slept = []

    def now(self):
        return self.seconds

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.seconds += seconds

    def wait(self, event, seconds):
        if not event.is_set():
            self.sleep(seconds)
        return event.is_set()


def make_client(version="2", **kwargs):
    """A client with a fixed endpoint and a fake clock."""
    made = client.Client(version, session=session.Session(token_endpoint.Token(URL, "token")), sahara_url=URL, **kwargs)
    made.clusters.api.clock = FakeClock()
    return made
