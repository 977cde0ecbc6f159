"""What holds for every test."""

import os
from pathlib import Path

from hypothesis import settings

# Spark starts in less time with an archive of its classes, which `make archive` makes for all tests.
os.environ.setdefault("SAHARA_LOCAL_CACHE", str(Path(__file__).parents[1] / "build" / "cache"))

# A busy machine is no failure: how long an example takes says nothing.
settings.register_profile("project", deadline=None)
settings.load_profile("project")
