"""The Starlette application, composed from the route tables of the parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route, Router

from saharaclient.local.neighbours.object_storage.routes import show_info
from saharaclient.local.sahara.api import history
from saharaclient.local.server import errors
from saharaclient.local.server.gateway import Gateway
from saharaclient.local.web.endpoints import Memory
from saharaclient.local.web.faults import FaultInjection

if TYPE_CHECKING:
    from starlette.routing import BaseRoute
    from starlette.types import Receive, Scope, Send

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
    routes = [
        Route("/info", show_info),  # where Swift's clients look for it
        Route(history.PATH, history.show),
        *(_placed(part, route) for part in errors.PARTS for route in part.routes),
    ]
    app = Starlette(
        middleware=[
            Middleware(Gateway, callers=service.callers, threads=threads),
            Middleware(FaultInjection, faults=faults, answer=errors.answer),
        ],
        exception_handlers=errors.HANDLERS,
    )
    app.router = _Router(routes)
    app.state.memory = Memory(service.database)
    app.state.service, app.state.sahara, app.state.threads = service, service.sahara, threads
    return app


class _Router(Router):
    """A router that tries only the routes which begin with the first word of a request's path.

    Args:
        routes: All routes.
    """

    def __init__(self, routes: list[BaseRoute]) -> None:
        # A slash at the end makes no difference here, see Gateway.
        super().__init__(routes, redirect_slashes=False)
        by_word: dict[str, list[BaseRoute]] = {}
        for route in routes:
            by_word.setdefault(_first_word(getattr(route, "path", "")), []).append(route)
        self._routers = {word: Router(some, redirect_slashes=False) for word, some in by_word.items()}
        self._nowhere = Router(redirect_slashes=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles a request."""
        await self._routers.get(_first_word(scope["path"]), self._nowhere)(scope, receive, send)


def _first_word(path: str) -> str:
    return path.split("/", 2)[1] if "/" in path else ""


def _placed(part: Part, route: BaseRoute) -> BaseRoute:
    """A part's route under the part's prefix."""
    if not part.prefix or not isinstance(route, Route):
        return route
    path = (part.prefix + route.path).rstrip("/")
    return Route(path, route.endpoint, methods=sorted(route.methods) if route.methods else None, name=route.name)
