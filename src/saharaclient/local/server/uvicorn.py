"""Runs the service behind uvicorn: in the foreground, or in a thread that is ready when the block begins."""

from __future__ import annotations

import asyncio
import os
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import uvicorn
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from saharaclient.local.server import state_folder
from saharaclient.local.server.address import ServerError, bind, check_address
from saharaclient.local.server.app import make_app
from saharaclient.local.server.log import service_log
from saharaclient.local.server.protocol import Protocol
from saharaclient.local.service import Service
from saharaclient.local.store.schema import NewerSchemaError
from saharaclient.local.web.endpoints import Threads
from saharaclient.local.web.faults import Faults

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Mapping

    from saharaclient.local.engines.base import Engine
    from saharaclient.local.settings import Settings

START_TIMEOUT = 30.0  # seconds
STOP_TIMEOUT = 2  # seconds that requests under way have to finish
# Seconds that an idle connection stays open: longer than clients pause between two looks at what they wait for, as one
# that is closed just when the next request comes makes that fail.
KEEP_ALIVE = 120
DATABASE_EXAMPLE = "for example sqlite:////path/to/file.db or postgresql+psycopg://user:password@host/name"


class _Uvicorn(uvicorn.Server):
    """Uvicorn, which by itself leaves connections open that clients do not close within the time to stop."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stops serving, and drops who is still connected."""
        await super().shutdown(sockets)
        self.drop()
        await asyncio.sleep(0)  # transports close their sockets in the loop's next turn

    def drop(self, client: tuple[str, int] | None = None) -> None:
        """Closes the connection from an address at once, or all of them."""
        for connection in list(self.server_state.connections):
            transport = getattr(connection, "transport", None)
            if transport is not None and client in (None, transport.get_extra_info("peername")[:2]):
                transport.abort()


class Server:
    """A service and its uvicorn server, ready to run. Made by `prepared`.

    Args:
        settings: How to run.
        listener: The socket, bound already.
        engines: What runs clusters and jobs, by the plugins' names; those of the settings unless given.
    """

    def __init__(
        self, settings: Settings, listener: socket.socket, engines: Mapping[str, Engine] | None = None
    ) -> None:
        self.settings = settings
        self.listener = listener
        port = listener.getsockname()[1]
        self.url = f"{settings.scheme}://{_bracketed(settings.host)}:{port}"
        self.service = Service(settings, engines)
        self.faults = Faults()
        self.threads = Threads()
        app = make_app(self.service, self.faults, self.threads)
        self._uvicorn = _Uvicorn(
            uvicorn.Config(
                app,
                http=Protocol,
                loop="uvloop",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=settings.access_log,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=STOP_TIMEOUT,
                timeout_keep_alive=KEEP_ALIVE,
                ssl_certfile=settings.tls_certificate,
                ssl_keyfile=settings.tls_key,
            )
        )
        app.state.drop_connection = self._uvicorn.drop

    def run(self) -> None:
        """Serves until a signal or `stop`."""
        self._uvicorn.run(sockets=[self.listener])

    @contextmanager
    def in_thread(self) -> Iterator[None]:
        """Serves from a thread while the block runs."""
        thread = threading.Thread(target=self.run, name="sahara-local", daemon=True)
        thread.start()
        try:
            # The socket listens already: a client's first request waits, it is not refused.
            yield
        finally:
            self._uvicorn.should_exit = True
            thread.join(START_TIMEOUT)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@contextmanager
def prepared(settings: Settings, engines: Mapping[str, Engine] | None = None) -> Iterator[Server]:
    """Takes the state folder and the port, starts the service's background work, and undoes all of it at the end.

    Args:
        settings: How to run.
        engines: See `Server`.

    Raises:
        ServerError: if the address is taken or not allowed, or the TLS files are unusable.
        StateError: if another service has the state folder.
    """
    check_address(settings)
    with ExitStack() as stack:
        with _start_errors(settings):
            stack.enter_context(state_folder.lock(settings.state))
            state_folder.keep_password(settings.state, settings.password)
            listener = stack.enter_context(bind(settings))
            stack.enter_context(service_log(settings))
            server = Server(settings, listener, engines)
            stack.callback(server.service.stop)
            stack.callback(server.threads.stop)
            server.service.start()
            running = state_folder.Running(
                url=server.url,
                pid=os.getpid(),
                username=settings.username,
                project_name=settings.project_name,
                region=settings.region,
                cacert=str(settings.tls_certificate.resolve()) if settings.tls_certificate else None,
                limits={name: value for name, value in vars(settings).items() if name.startswith("max_")},
            )
            stack.enter_context(state_folder.announced(settings.state, running))
        yield server


@contextmanager
def _start_errors(settings: Settings) -> Iterator[None]:
    """Says in words why folder or database cannot be used; the URL's password is left out."""
    try:
        yield
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        if isinstance(error, ModuleNotFoundError) and settings.database is None:
            raise
        raise ServerError(f"The database URL needs a driver that is not installed: {error}.") from None
    except ArgumentError:
        raise ServerError(f"The database URL is no SQLAlchemy URL: use {DATABASE_EXAMPLE}.") from None
    except NewerSchemaError as error:
        url = make_url(settings.database_url).render_as_string(hide_password=True)
        raise ServerError(f"The database {url} cannot be used: {error}.") from None
    except OperationalError as error:
        url = make_url(settings.database_url).render_as_string(hide_password=True)
        raise ServerError(f"The database {url} cannot be used: {str(error.orig).strip()}") from None
    except OSError as error:
        raise ServerError(f"The state folder {settings.state} cannot be used: {error.strerror or error}") from None
