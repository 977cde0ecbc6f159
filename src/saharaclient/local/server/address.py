"""Where the service may listen: others than this machine only by TLS."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from saharaclient.local.settings import Settings


class ServerError(Exception):
    """The service cannot start; the message says why and what to do."""


def check_address(settings: Settings) -> None:
    """Refuses to serve others than this machine without TLS: passwords would cross the network in the clear.

    Raises:
        ServerError: if the settings do.
    """
    if bool(settings.tls_certificate) != bool(settings.tls_key):
        raise ServerError("TLS needs both files: give --tls-certificate and --tls-key.")
    if not settings.tls_certificate and not is_loopback(settings.host):
        raise ServerError(
            f"{settings.host} is not a loopback address: others could read passwords on the network. "
            "Give --tls-certificate and --tls-key, or use --host 127.0.0.1."
        )
    if settings.tls_certificate and settings.tls_key:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_certificate, settings.tls_key)
        except OSError as error:  # ssl.SSLError is one
            raise ServerError(
                f"The TLS certificate {settings.tls_certificate} and key {settings.tls_key} cannot be used: {error}"
            ) from None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def bind(settings: Settings) -> socket.socket:
    """A socket that listens where the settings say. Raises ServerError."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # asyncio turns Nagle's delay of 40 ms off only for sockets that name their protocol.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(2048)
    except (OSError, OverflowError) as error:
        listener.close()
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ServerError(
            f"Cannot listen on {settings.host} port {settings.port}: {why}. "
            "Choose another port with --port; 0 takes a free one."
        ) from None
    return listener
