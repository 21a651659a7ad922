"""A server that speaks Plate Recognizer's protocol, errors and slowness included."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "3a0effff73919f898b69ac65a32dc12347769564"
LIMIT = 2500


@dataclass
class Asked:
    """One request as the server saw it."""

    at: float
    path: str
    authorization: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    picture: bytes = b""
    filename: str = ""


Answer = Callable[["Handler"], None]


class Service(ThreadingHTTPServer):
    """`answers` are given one after another, the last for ever; by default every picture shows KV482BT."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[Asked] = []
        self.answers: list[Answer] = [plates(result("kv482bt", 0.95))]
        self.usage: Answer = statistics(1)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def pictures(self) -> list[Asked]:
        """The requests with a picture."""
        return [one for one in self.asked if one.path == "/v1/plate-reader/"]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients go away; that is no news."""


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Service

    def do_POST(self) -> None:
        """A picture."""
        asked = Asked(time.monotonic(), self.path, self.headers.get("Authorization", ""))
        body = self.rfile.read(int(self.headers["Content-Length"]))
        for part in parts(self.headers["Content-Type"], body):
            name = str(part.get_param("name", header="content-disposition"))
            content: Any = part.get_payload(decode=True)
            if name == "upload":
                asked.picture, asked.filename = content, part.get_filename() or ""
            else:
                asked.fields.setdefault(name, []).append(content.decode())
        self.server.asked.append(asked)
        answers = self.server.answers
        (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def do_GET(self) -> None:
        """The statistics."""
        self.server.asked.append(Asked(time.monotonic(), self.path, self.headers.get("Authorization", "")))
        self.server.usage(self)

    def reply(self, status: int, body: bytes | str, **headers: str) -> None:
        """Send an answer."""
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(data))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


def parts(kind: str, body: bytes) -> list[Message]:
    """The parts of a form."""
    whole = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    return whole.get_payload() if whole.is_multipart() else []  # type: ignore[return-value]


def result(plate: str, score: float, **facts: Any) -> dict[str, Any]:
    """One result as the service documents it."""
    return {
        "box": {"xmin": 143, "ymin": 481, "xmax": 282, "ymax": 575},
        "plate": plate,
        "region": {"code": "gb", "score": 0.747},
        "score": score,
        "candidates": [{"score": score, "plate": plate}],
        "dscore": 0.99,
        "vehicle": {"score": 0.798, "type": "Sedan", "box": {"xmin": 67, "ymin": 113, "xmax": 908, "ymax": 653}},
    } | facts


def plates(*results: dict[str, Any], **facts: Any) -> Answer:
    """These plates were read."""
    told = {"processing_time": 288.758, "results": list(results), "filename": "1.jpg", "version": 1, "camera_id": None}
    return says(201, told | {"timestamp": "2026-11-22T16:17:27.574008Z"} | facts)


def says(status: int, told: Any, **headers: str) -> Answer:
    """Any JSON."""
    return lambda handler: handler.reply(status, json.dumps(told), **headers)


def raw(status: int, body: bytes | str) -> Answer:
    """Anything."""
    return lambda handler: handler.reply(status, body)


def throttles(detail: str = "Request was throttled. Expected available in 1 second.", **headers: str) -> Answer:
    """Too many requests."""
    return says(429, {"detail": detail, "status_code": 429}, **headers)


def forbids() -> Answer:
    """Wrong token, or out of credits."""
    return says(403, {"detail": "Forbidden"})


def statistics(calls: int, limit: int = LIMIT, resets_on: str = "2026-12-14T00:00:00Z") -> Answer:
    """What the account has used."""
    usage = {"month": 11, "calls": calls, "year": 2026, "resets_on": resets_on}
    return says(200, {"usage": usage, "total_calls": limit})


def sleeps(seconds: float) -> Answer:
    """An answer that comes late."""

    def answer(handler: Handler) -> None:
        time.sleep(seconds)
        handler.reply(201, json.dumps({"results": []}))

    return answer


def drips(pause: float) -> Answer:
    """An answer that comes byte by byte."""

    def answer(handler: Handler) -> None:
        handler.send_response(201)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(pause)

    return answer


def nothing() -> Answer:
    """The request ends without a word, as when it is lost."""
    return lambda handler: setattr(handler, "close_connection", True)


def drops() -> Answer:
    """The connection ends without an answer."""

    def answer(handler: Handler) -> None:
        handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True

    return answer


@contextmanager
def service() -> Iterator[Service]:
    """A running server."""
    server = Service()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
