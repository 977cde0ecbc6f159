"""Where the console is reached: an address of this machine alone."""

from __future__ import annotations

import socket

HOST = "127.0.0.1"
PORT = 8387
_BACKLOG = 128  # connections that wait to be accepted


class ConsoleError(Exception):
    """The console cannot start; the message says why and what to do."""


def listen(port: int | None) -> socket.socket:
    """A socket that listens on a port, 0 for a free one; None for the usual one, or a free one where it is taken.

    Raises:
        ConsoleError: the port is taken.
    """
    wanted = (PORT, 0) if port is None else (port,)
    for candidate in wanted:
        try:
            listener = socket.create_server((HOST, candidate), backlog=_BACKLOG)
        except (OSError, OverflowError) as error:
            why = (isinstance(error, OSError) and error.strerror) or str(error)
        else:
            # what is accepted has it too; else an answer's second piece waits 40 ms for word of its first
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return listener
    raise ConsoleError(f"Cannot listen on {HOST} port {wanted[-1]}: {why}. Choose another --port; 0 takes a free one.")
