"""A server that takes what Sentry's clients send."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "0123456789abcdef0123456789abcdef"


class Sentry(ThreadingHTTPServer):
    """Project 7 of a Sentry on loopback; `bodies` is all that came, `events` what of it are errors."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.bodies: list[str] = []

    @property
    def dsn(self) -> str:
        """What SENTRY_DSN says."""
        return f"http://{KEY}@127.0.0.1:{self.server_address[1]}/7"

    @property
    def events(self) -> list[dict[str, Any]]:
        """Every event; an envelope is lines of JSON: its header, then for each part a header and the part."""
        parts = [json.loads(line) for body in list(self.bodies) for line in body.splitlines() if line]
        return [one for one in parts if "platform" in one]

    def of(self, process: str) -> list[dict[str, Any]]:
        """The events of one process."""
        return [one for one in self.events if one["tags"]["process"] == process]


class Handler(BaseHTTPRequestHandler):
    """Takes everything that shows the key."""

    server: Sentry

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        known = self.path == "/api/7/envelope/" and KEY in self.headers.get("X-Sentry-Auth", "")
        if known:
            self.server.bodies.append(body.decode())
        self.send_response(200 if known else 403)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def sentry() -> Iterator[Sentry]:
    """A running server."""
    with Sentry() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
