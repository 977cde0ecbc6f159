"""Engines that fare as tests want them to: handed to a service, in the place of the fake plugin's own."""

import threading
import time

from saharaclient.local.engines.base import Check
from saharaclient.local.engines.fake import FakeEngine


class MortalEngine(FakeEngine):
    """Its instances die when a test adds their names to `died`."""

    def __init__(self):
        super().__init__()
        self.died = set()

    def verify(self, cluster, state):
        red = Check("Workers", "RED", f"All {len(self.died)} have died")
        return [red] if self.died else super().verify(cluster, state)

    def dead(self, cluster, state):
        return self.died


class EndlessEngine(FakeEngine):
    """It scales until the service stops."""

    def scale(self, cluster, state, report):
        while True:
            report.enter("Spawning")
            time.sleep(0.01)


class FullEngine(FakeEngine):
    """It has no room to launch anything."""

    def submit(self, job):
        raise OSError("The disk is full")


class HeldEngine(FakeEngine):
    """One of its calls, `submit` or `cancel`, is held from `entered` until `go`."""

    def __init__(self, call, patience):
        super().__init__()
        self.call, self.patience = call, patience
        self.entered, self.go = threading.Event(), threading.Event()

    def hold(self, call):
        if call == self.call:
            self.entered.set()
            assert self.go.wait(self.patience)

    def submit(self, job):
        self.hold("submit")
        return super().submit(job)

    def cancel(self, folder, state):
        self.hold("cancel")
        return super().cancel(folder, state)
