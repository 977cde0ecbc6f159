"""What holds for every test."""

from hypothesis import settings

# A busy machine is no failure: how long an example takes says nothing.
settings.register_profile("project", deadline=None)
settings.load_profile("project")
