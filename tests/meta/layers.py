"""The layers of the package: its rooms from top to bottom, and what a room does without.

A room is a package or a few modules. It may import the rooms of the rows below its own, not those beside it or above.
Names leave out ``saharaclient.``; a room has all that is below its names, but for what other rooms name more exactly.
"""

from __future__ import annotations

ROOMS = {
    "console": ["console"],
    "osc": ["osc"],
    "osc/facts": [
        "osc.bars",
        "osc.headings",
        "osc.versions",
    ],  # what commands and console know; they need nothing installed
    "project": ["project"],
    "connect": ["", "version", "_i18n"],  # saharaclient/__init__.py, and names that 4.2.0 had beside it
    "client": ["client", "bulk"],
    "aio": ["aio"],
    "api": ["api"],
    "_core": ["_core"],
    "types": ["types"],
    "states": ["states"],  # which the service writes and the client reads
    # of the embedded service
    "faces": [
        "local",
        *(f"local.{part}" for part in ["command", "embedded", "login", "needs", "pytest_plugin", "run"]),
    ],
    "server": ["local.server"],
    "service": ["local.service"],
    "sahara/api": ["local.sahara.api"],
    "sahara": ["local.sahara.service"],
    "sahara/jobs": ["local.sahara.jobs"],
    "sahara/clusters": ["local.sahara.clusters"],
    "sahara/records": ["local.sahara.records"],
    "sahara/errors": ["local.sahara", "local.sahara.errors", "local.sahara.urls"],
    "identity": ["local.neighbours.identity"],
    "compute": ["local.neighbours.compute"],
    "image": ["local.neighbours.image"],
    "network": ["local.neighbours.network"],
    "object storage": ["local.neighbours.object_storage"],
    "neighbours": ["local.neighbours"],  # what several of them share
    "engines": ["local.engines"],
    "web": ["local.web"],
    "store": ["local.store"],
    "background": ["local.background"],
    "settings": ["local.settings"],
}

LIBRARY = [
    ["osc"],  # one of its commands starts the console
    ["console"],
    ["osc/facts"],
    ["project"],
    ["connect"],
    ["aio"],
    ["client"],
    ["api"],
    ["_core", "types", "states"],
]
SERVICE = [
    ["faces"],
    ["server"],
    ["service"],
    ["sahara/api"],
    ["sahara"],
    ["sahara/jobs"],
    ["sahara/clusters"],
    ["sahara/records"],
    ["sahara/errors"],
    ["identity", "compute", "image", "network", "object storage"],
    ["neighbours"],
    ["engines", "web"],
    ["store"],
    ["background"],
    ["settings"],
]

# What the service has of the library is what any program has; its command starts the console as a program.
SERVICE_USES = {
    "connect": {"*"},
    "client": {"*"},
    "states": {"*"},
    "api": {"faces"},
    "types": {"faces"},
    "console": {"faces"},
}

HTTP = {"starlette", "uvicorn"}
SENDING = {"requests", "urllib3", "urllib.request", "http.client", "socket"}
# Modules and packages that a room does without, although a row below has them or they come from elsewhere.
WITHOUT = {
    # what runs clusters knows no HTTP and no database
    "engines": {"saharaclient.local.web", "saharaclient.local.store.database", "sqlalchemy", *HTTP},
    # Sahara's own rules speak no HTTP: the server makes replies of their errors
    **{
        f"sahara{part}": {"saharaclient.local.web", *HTTP} for part in ("", "/jobs", "/clusters", "/records", "/errors")
    },
    "store": HTTP,
    "background": HTTP,
    # above the one way to the network nothing sends
    **dict.fromkeys(("osc", "project", "connect", "client", "api"), SENDING),
}

# The library's modules that send, and with what; `self.api.request` is the way to them.
SENDERS = {
    "_core.http": {"sender.request"},
    "console.address": {"socket.create_server"},  # it is a server: it listens
    "_core.wire": {"self.theirs.request", "super().request"},
}
# Those that know of the modules which hold connections.
KNOW_CONNECTIONS = {"_core.http", "_core.wire"}

# What is still against these rules, as `importer -> imported`. The list gets shorter, never longer.
KNOWN: set[str] = set()
