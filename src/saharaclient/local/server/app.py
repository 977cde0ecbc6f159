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
    from saharaclient.local.web.faults import Faults


def make_app(service: Service, faults: Faults) -> Starlette:
    """Makes the application of a service, with the faults that its requests shall meet."""
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
    app.state.service, app.state.sahara = service, service.sahara
    return app


def _placed(part: Part, route: BaseRoute) -> BaseRoute:
    """A part's route under the part's prefix."""
    if not part.prefix or not isinstance(route, Route):
        return route
    path = (part.prefix + route.path).rstrip("/")
    return Route(path, route.endpoint, methods=sorted(route.methods) if route.methods else None, name=route.name)
