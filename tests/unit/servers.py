"""Small servers on loopback, for what a faked wire can't show: connections, silence, replies that drip."""

import contextlib
import json
import socket
import threading
import time

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"


def json_reply(body, status="200 OK", **headers):
    content = json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", "Content-Type: application/json"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


class Server:
    """Answers each request with what `reply` is, or what it returns for the request.

    Attributes:
        url: where it listens.
        requests: what came.
        connections: how many there have been.
        open: how many there are.
    """

    def __init__(self, listener, reply, pause):
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.requests = []
        self.connections = self.open = 0
        self._listener, self._reply, self._pause = listener, reply, pause
        self._changed = threading.Condition()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection = self._listener.accept()[0]
                with self._changed:
                    self.connections += 1
                    self.open += 1
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        with connection, contextlib.suppress(OSError):
            while request := connection.recv(65536):
                self.requests.append(request)
                time.sleep(self._pause)
                connection.sendall(self._reply(request) if callable(self._reply) else self._reply)
        with self._changed:
            self.open -= 1
            self._changed.notify_all()

    def wait_until_closed(self):
        """Return once nobody is connected any more; fail if that takes long."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.open == 0, timeout=5), f"{self.open} connections are open"


@contextlib.contextmanager
def answering(reply, pause=0.0):
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        server = Server(listener, reply, pause)
        threading.Thread(target=server.serve, daemon=True).start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def dripping(at_once, slowly):
    """A server that answers each request with some bytes at once and the others a tenth of a second apart."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

        def answer(connection):
            with connection, contextlib.suppress(OSError):
                while connection.recv(65536):
                    connection.sendall(at_once)
                    for byte in slowly:
                        time.sleep(0.1)
                        connection.sendall(bytes([byte]))

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
