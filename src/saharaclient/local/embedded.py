"""`LocalSahara`: the embedded service inside a Python program."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, Unpack, overload

from saharaclient.local import needs
from saharaclient.local.engines import processes
from saharaclient.local.login import cloud, session_of
from saharaclient.local.server import state_folder
from saharaclient.local.server.uvicorn import Server, prepared
from saharaclient.local.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from keystoneauth1 import session as keystone_session

    from saharaclient.api.client import Client, ClientV2
    from saharaclient.client import V1, V2
    from saharaclient.local.engines.base import Engine
    from saharaclient.local.service import Service
    from saharaclient.local.web.faults import Faults
    from saharaclient.types import ClientOptions


class LocalSahara:
    """A Sahara on this machine while a `with` block runs: ready when the block begins, gone when it ends.

    Args:
        state: Folder of everything that survives, Spark clusters and running jobs among it; `None` for a temporary
            one, with which they end.
        port: Port to listen on; 0 takes a free one.
        password: Password of the users `admin` and `demo`; `None` for the one in the state folder, or a random one.
        engines: What runs clusters and jobs, by the plugins' names, each a `saharaclient.local.engines.base.Engine`;
            `None` for `fake` and `spark`.
        settings: Other fields of `saharaclient.local.settings.Settings`, by name.

    Raises:
        saharaclient.local.server.uvicorn.ServerError: on entering the block, if the address is taken or not allowed.
        StateError: on entering the block, if another service has the state folder.
        ValueError: on entering the block, if a setting has a value that cannot be, `spark_master` among them.
    """

    def __init__(
        self,
        state: str | Path | None = None,
        *,
        port: int = 0,
        password: str | None = None,
        engines: Mapping[str, Engine] | None = None,
        **settings: Any,
    ) -> None:
        self._state = Path(state) if state is not None else None
        self._password = password
        self._engines = engines
        self._options = {"port": port, **settings}
        self._stack = ExitStack()
        self._server: Server | None = None

    def __enter__(self) -> Self:
        """Starts the service."""
        with ExitStack() as stack:
            state = self._state or stack.enter_context(_temporary_state())
            password = state_folder.prepare(state, self._password)
            settings = Settings(state=state.resolve(), password=password, **self._options)
            self._server = stack.enter_context(prepared(settings, self._engines))
            stack.enter_context(self._server.in_thread())
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stops the service, and removes a temporary state."""
        self._stack.close()
        self._server = None

    @property
    def _running(self) -> Server:
        if self._server is None:
            raise RuntimeError("The service does not run: use LocalSahara in a 'with' statement.")
        return self._server

    @property
    def url(self) -> str:
        """URL of the service and of its Sahara API."""
        return self._running.url

    @property
    def service(self) -> Service:
        """The service itself, for tests that look inside."""
        return self._running.service

    @property
    def faults(self) -> Faults:
        """Answers that shall go wrong, see `Faults.add`: late, with an error status, or not at all."""
        return self._running.faults

    @property
    def cloud(self) -> dict[str, Any]:
        """An entry for clouds.yaml, and keywords for `openstack.connect`. It holds the password."""
        return cloud(*state_folder.find_running(self._running.settings.state))

    def session(self, *, username: str | None = None, project_name: str | None = None) -> keystone_session.Session:
        """A keystoneauth session of a user.

        Args:
            username: `admin` unless given; there is also `demo`.
            project_name: The project; the administrator's, or the one named as the user.
        """
        other = {"username": username, "project_name": username} if username else {}
        return session_of(self.cloud, **(other | ({"project_name": project_name} if project_name else {})))

    @overload
    def client(self, version: V2 = "2", **options: Unpack[ClientOptions]) -> ClientV2: ...
    @overload
    def client(self, version: V1, **options: Unpack[ClientOptions]) -> Client: ...
    @overload
    def client(self, version: object = "2", **options: Unpack[ClientOptions]) -> Client | ClientV2: ...
    def client(self, version: object = "2", **options: Any) -> Client | ClientV2:
        """A Sahara client of the administrator.

        Args:
            version: `1.0`, `1.1` or `2`.
            options: Other keywords of `saharaclient.client.Client`.
        """
        from saharaclient.client import Client

        return Client(version, session=self.session(), **options)

    def image(self, plugin: str, version: str | None = None) -> str:
        """An image that clusters of a plugin can use: the service's first one, registered and tagged for it.

        Args:
            plugin: Name of the plugin, `spark` or `fake`.
            version: Version of the plugin; `None` for its first.

        Returns:
            The image's id.

        Raises:
            saharaclient.api.base.NotFound: if there is no such plugin.
        """
        return needs.image(self.session(), plugin, version)

    def network(self, name: str = "private") -> str:
        """A network for clusters, in Sahara's words their `net_id`.

        Args:
            name: The network's name; there is also `public`.

        Returns:
            The network's id.

        Raises:
            LookupError: if there is no network of that name.
        """
        return needs.network(self.session(), name)

    def flavor(self, name: str = "m1.small") -> str:
        """A flavor for instances.

        Args:
            name: The flavor's name.

        Returns:
            The flavor's id.

        Raises:
            LookupError: if there is no flavor of that name.
        """
        return needs.flavor(self.session(), name)


@contextmanager
def _temporary_state() -> Iterator[Path]:
    """A folder for the time of the block; its clusters and jobs end with it, since no other start can take them up."""
    with tempfile.TemporaryDirectory(prefix="sahara-local-") as name:
        state = Path(name).resolve()
        try:
            yield state
        finally:
            processes.end([], state)
