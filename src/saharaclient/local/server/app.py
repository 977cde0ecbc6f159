"""The Starlette application, composed from the route tables of the parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from saharaclient.local.neighbours.object_storage.routes import show_info
from saharaclient.local.server import errors
from saharaclient.local.server.gateway import Gateway
from saharaclient.local.web.faults import FaultInjection

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from saharaclient.local.service import Service
    from saharaclient.local.web.calls import Part
    from saharaclient.local.web.endpoints import Threads
    from saharaclient.local.web.faults import Faults


def make_app(service: Service, faults: Faults, threads: Threads) -> Starlette:
    """Makes the application of a service.

    Args:
        service: The service.
        faults: The faults that its requests shall meet.
        threads: Where they use the database.
    """
    app = Starlette(
        routes=[
            Route("/info", show_info),  # where Swift's clients look for it
            *(_placed(part, route) for part in errors.PARTS for route in part.routes),
        ],
        middleware=[
            Middleware(Gateway, service=service),
            Middleware(FaultInjection, faults=faults, answer=errors.answer),
        ],
        exception_handlers=errors.HANDLERS,
    )
    app.router.redirect_slashes = False  # a slash at the end makes no difference here, see Gateway
    app.state.service, app.state.sahara, app.state.threads = service, service.sahara, threads
    return app


def _placed(part: Part, route: BaseRoute) -> BaseRoute:
    """A part's route under the part's prefix."""
    if not part.prefix or not isinstance(route, Route):
        return route
    path = (part.prefix + route.path).rstrip("/")
    return Route(path, route.endpoint, methods=sorted(route.methods) if route.methods else None, name=route.name)
