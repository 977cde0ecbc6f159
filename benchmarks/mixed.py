"""Mixed work of many clients at once, over plain sockets: prints how many requests were answered a second.

    mixed.py URL TOKEN CLIENTS SECONDS

Each makes a record, changes, reads, lists and deletes it, and stores and reads an object, over and over.
"""

import asyncio
import itertools
import json
import re
import secrets
import sys
import time
from urllib.parse import urlsplit

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Client:
    """One connection."""

    def __init__(self, url, token):
        self.host, self.head = urlsplit(url).netloc, f"X-Auth-Token: {token}\r\nAccept: application/json\r\n"

    async def open(self):
        host, port = self.host.rsplit(":", 1)
        self.reader, self.writer = await asyncio.open_connection(host, int(port), limit=1 << 24)

    async def send(self, method, path, body=None):
        """The body of the answer, decoded where it is JSON."""
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\n{self.head}"
        if body is not None:
            kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
            head += f"Content-Type: {kind}\r\nContent-Length: {len(data)}\r\n"
        self.writer.write(head.encode() + b"\r\n" + data)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        found = LENGTH.search(answer)
        content = await self.reader.readexactly(int(found.group(1))) if found else b""
        assert answer.startswith(b"HTTP/1.1 2"), (method, path, answer, content)
        return json.loads(content) if b"application/json" in answer and content else content

    async def work(self, number, store, until):
        """The times of the requests."""
        times, prefix = [], f"c{secrets.token_hex(4)}-"
        for name in (f"{prefix}{number}-{each}" for each in itertools.count()):
            made = None
            for step in range(7):
                began = time.perf_counter()
                if step == 0:
                    body = {"name": name, "type": "hdfs", "url": "/data", "description": ""}
                    made = (await self.send("POST", "/v2/data-sources", body))["data_source"]["id"]
                else:
                    await self.send(*self.step(step, made, f"{store}/{name}"))
                ended = time.perf_counter()
                times.append(ended - began)
                if ended > until:
                    return times
        return times

    @staticmethod
    def step(number, made, place):
        return [
            ("PATCH", f"/v2/data-sources/{made}", {"description": "changed"}),
            ("GET", f"/v2/data-sources/{made}"),
            ("GET", "/v2/data-sources?limit=20"),
            ("PUT", place, b"content"),
            ("GET", place),
            ("DELETE", f"/v2/data-sources/{made}"),
        ][number - 1]


async def mixed(url, token, clients, seconds):
    """Requests a second, and the times of each in seconds, sorted."""
    first = Client(url, token)
    await first.open()
    tokens = await first.send("GET", "/v2/plugins")
    assert tokens
    made = [Client(url, token) for _ in range(clients)]
    for client in made:
        await client.open()
    project = sys.argv[5] if len(sys.argv) > 5 else ""
    store = f"/object-store/v1/AUTH_{project}/mixed"
    await first.send("PUT", store, b"")
    began = time.perf_counter()
    found = await asyncio.gather(*(client.work(n, store, began + seconds) for n, client in enumerate(made)))
    times = sorted(itertools.chain(*found))
    return len(times) / (time.perf_counter() - began), times


if __name__ == "__main__":
    rate, times = asyncio.run(mixed(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
    shares = {f"{share} % in ms": times[len(times) * share // 100] * 1000 for share in (50, 90, 99)}
    print(json.dumps({"requests a second": rate, **shares}))
