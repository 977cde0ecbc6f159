"""What holds for every test."""

import os
import signal
from pathlib import Path

from hypothesis import settings

# Spark starts in less time with an archive of its classes, which `make archive` makes for all tests.
os.environ.setdefault("SAHARA_LOCAL_CACHE", str(Path(__file__).parents[1] / "build" / "cache"))

# What a shell runs in the background ignores Ctrl-C, and so would all that the tests start and interrupt.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine is no failure: how long an example takes says nothing.
settings.register_profile("project", deadline=None)
settings.load_profile("project")
