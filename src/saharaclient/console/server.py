"""The server of the console: loopback alone, until Ctrl-C."""

from __future__ import annotations

import contextlib
import sys
import threading
import webbrowser
from typing import TYPE_CHECKING, Any

import uvicorn

from saharaclient.console.address import HOST, listen
from saharaclient.console.app import Console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

STOP_TIMEOUT = 1  # seconds that answers under way have to finish
START_TIMEOUT = 30.0  # seconds


class ConsoleServer:
    """A console that is ready to run, at an address of its own.

    Args:
        client: `saharaclient.api.client.Client` or `saharaclient.api.client.ClientV2`.
        title: what is shown, such as the cloud's name.
        port: the port on 127.0.0.1, 0 for a free one; by default 8387, or a free one where that is taken.
        options: `command` and `usage` of `saharaclient.console.app.Console`.

    Raises:
        ConsoleError: the port is taken.
    """

    def __init__(self, client: Any, title: str, port: int | None = 0, **options: Any) -> None:
        self._listener = listen(port)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self.console = Console(client, title, self.port, **options)
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(
                self.console.access,
                http="h11",
                loop="asyncio",
                ws="none",
                lifespan="on",
                log_config=None,
                log_level="critical",  # its lines are addresses, and the login link is one
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=STOP_TIMEOUT,
            )
        )

    def new_link(self) -> str:
        """An address that logs a browser in, once."""
        return self.console.access.new_link()

    def run(self) -> None:
        """Serve until a signal."""
        self._uvicorn.run(sockets=[self._listener])

    @contextlib.contextmanager
    def in_thread(self) -> Iterator[ConsoleServer]:
        """Serve from a thread while the block runs."""
        thread = threading.Thread(target=self.run, name="console", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._uvicorn.should_exit = True
            thread.join(START_TIMEOUT)
            self._listener.close()


def run(
    client: Any,
    *,
    title: str,
    port: int | None,
    browser: bool,
    command: Sequence[str],
    usage: Callable[[], Mapping[str, str]] | None,
) -> None:
    """See `saharaclient.console.serve`."""
    server = ConsoleServer(client, title, port, command=command, usage=usage)
    link = server.new_link()
    _say(f"The console of {title} is at {server.url}\nLog in once with:  {link}")
    if sys.stdin is not None and sys.stdin.isatty():
        _say("Enter makes another link, Ctrl-C ends the console.")
        threading.Thread(target=_new_links, args=(server,), daemon=True).start()
    else:
        _say("Ctrl-C ends the console.")
    if browser:
        threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        server.run()


def _new_links(server: ConsoleServer) -> None:
    while sys.stdin.readline():
        _say(f"Log in once with:  {server.new_link()}")


def _say(text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
