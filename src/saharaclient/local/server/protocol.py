"""The HTTP that clients speak, read by llhttp: within a limit, which that has not by itself."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST = 64 * 1024  # bytes of a request's line and headers


class Protocol(HttpToolsProtocol):
    """One connection. A request whose line and headers are too large is refused, and its connection closed."""

    _in_head, _head = True, 0

    def data_received(self, data: bytes) -> None:
        """Takes what the client sent."""
        self._head += len(data)
        super().data_received(data)
        if self._in_head and self._head > MOST and not self.transport.is_closing():
            self.send_400_response("Request line and headers are too large.")

    def on_headers_complete(self) -> None:
        """Begins to answer a request."""
        self._in_head, self._head = False, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Ends a request."""
        self._in_head, self._head = True, 0
        super().on_message_complete()
