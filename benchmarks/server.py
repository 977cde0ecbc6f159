"""A small server on loopback for measurements: the replies of a Sahara with many clusters, ready made.

Run as a program it prints its port and serves until it is ended.
"""

import http.server
import json
import pathlib
import socketserver
import time
import urllib.parse

CLUSTERS = 10_000
FILE_SIZE = 64 * 1024 * 1024  # bytes


def cluster_bodies():
    recordings = pathlib.Path(__file__).parents[1] / "tests" / "recordings" / "v2.json"
    replies = (exchange.get("response") for exchange in json.loads(recordings.read_text()))
    clusters = (reply["cluster"] for reply in replies if isinstance(reply, dict) and "cluster" in reply)
    body = next(cluster for cluster in clusters if cluster["status"] == "Active")
    for n in range(CLUSTERS):
        yield json.dumps({**body, "id": f"id-{n}", "name": f"cluster-{n}"}).encode()


BODIES = [*cluster_bodies()]
WHOLE_LIST = b'{"clusters": [' + b", ".join(BODIES) + b"]}"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers GET: lists with limit, marker and name, single clusters, a file; /slow/… 20 ms later; tokens at /v3."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        parts = [p for p in url.path.split("/") if p]
        if parts[0] == "slow":
            time.sleep(0.02)
            parts = parts[1:]
        if parts == ["v3"]:
            links = [{"rel": "self", "href": f"http://{self.headers['Host']}/v3/"}]
            self.send_body(json.dumps({"version": {"id": "v3.14", "status": "stable", "links": links}}).encode())
        elif parts[-1] == "data":
            self.send_file()
        elif parts[-1] == "clusters":
            query = {k: v[0] for k, v in urllib.parse.parse_qs(url.query).items()}
            self.send_body(self.page(query))
        else:
            self.send_body(b'{"cluster": ' + BODIES[int(parts[-1].rpartition("-")[2])] + b"}")

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        owner = {"id": "default", "name": "n", "domain": {"id": "default", "name": "n"}}
        token = {"expires_at": "2999-01-01T00:00:00.000000Z", "issued_at": "2026-01-01T00:00:00.000000Z"}
        token |= {"methods": ["password"], "user": owner, "project": owner, "catalog": [], "roles": []}
        self.send_body(json.dumps({"token": token}).encode(), status=201, token="t")

    def page(self, query):
        if "name" in query:
            found = int(query["name"].rpartition("-")[2])
            return b'{"clusters": [' + BODIES[found] + b'], "markers": {"prev": null, "next": null}}'
        if "limit" not in query:
            return WHOLE_LIST
        total = int(query.get("total", CLUSTERS))
        start = int(query["marker"].rpartition("-")[2]) + 1 if "marker" in query else 0
        end = min(start + int(query["limit"]), total)
        items = b", ".join(BODIES[n % CLUSTERS] for n in range(start, end))
        following = json.dumps(f"id-{end - 1}" if end < total else None).encode()
        return b'{"clusters": [' + items + b'], "markers": {"prev": null, "next": ' + following + b"}}"

    def send_body(self, body, kind="application/json", status=200, token=None):
        self.send_response(status)
        if token:
            self.send_header("X-Subject-Token", token)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_file(self):
        self.send_response(200)
        self.send_header("Content-Length", str(FILE_SIZE))
        self.end_headers()
        piece = bytes(1 << 20)
        for _ in range(FILE_SIZE // len(piece)):
            self.wfile.write(piece)

    def log_message(self, *args):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
