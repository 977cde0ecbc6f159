"""A page in the browser that shows the clusters and jobs of any Sahara; it reads and changes nothing.

A program of the public client: `sahara` reads, `board` keeps what was read for all viewers, `pages` says what is on a
page, `app` answers the browser, `access` lets it in, `server` runs all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.console.address import PORT, ConsoleError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["ConsoleError", "add_options", "serve"]

EXTRA = "console"


def add_options(parser: argparse.ArgumentParser, metavar: str) -> None:
    """Add the options of a command that shows the console.

    Args:
        parser: the command's.
        metavar: what its help calls the port.
    """
    parser.add_argument(
        "--port", metavar=metavar, type=int, help=f"Port on 127.0.0.1, 0 for a free one (default: {PORT} if it is free)"
    )
    parser.add_argument("--no-browser", action="store_true", help="Print the login link, and open no browser")


def serve(
    client: Any,
    *,
    title: str,
    port: int | None = None,
    browser: bool = True,
    command: Sequence[str] = ("openstack", "dataprocessing"),
    usage: Callable[[], Mapping[str, str]] | None = None,
) -> None:
    """Show a Sahara in the browser until Ctrl-C.

    Args:
        client: `saharaclient.api.client.Client` or `saharaclient.api.client.ClientV2`.
        title: what is shown, such as the cloud's name.
        port: the port on 127.0.0.1, 0 for a free one; by default 8387, or a free one where that is taken.
        browser: whether to open the browser.
        command: the words that begin the commands which the pages give to copy.
        usage: facts about the machine that the service runs on, by their name; asked for at most every few seconds.

    Raises:
        ConsoleError: the port is taken, or what the console needs is not installed.
    """
    try:
        from saharaclient.console import server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "saharaclient":
            raise
        raise ConsoleError(
            f"The console needs {error.name}, which is not installed: pip install 'python-saharaclient[{EXTRA}]>=5'"
        ) from None
    server.run(client, title=title, port=port, browser=browser, command=command, usage=usage)
