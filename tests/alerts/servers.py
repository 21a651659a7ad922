"""Real servers that messages go to: a webhook and a mail server, each with what it got."""

from __future__ import annotations

import email
import email.policy
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from ingest.up.broker import free_port


class Webhook:
    """Answers as `status` says and keeps what it got."""

    def __init__(self, port: int) -> None:
        self.port, self.status = port, 200
        self.got: list[dict[str, Any]] = []
        self.at: list[float] = []

    @property
    def url(self) -> str:
        """Its address as Apprise writes it, with a password."""
        return f"json://ben:hush@127.0.0.1:{self.port}/hook"


@contextmanager
def webhook() -> Iterator[Webhook]:
    """A running webhook."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if hook.status == 200:
                hook.at.append(time.time())
                hook.got.append(json.loads(body))
            self.send_response(hook.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Tests say what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook = Webhook(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()


class Mailbox:
    """What a mail server was sent."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.port = free_port()

    @property
    def url(self) -> str:
        """Its address as Apprise writes it."""
        return f"mailto://127.0.0.1:{self.port}/?from=librarian@example.org&to=ben@example.org&mode=insecure"

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        """Take a message."""
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.got.append(message)
        return "250 OK"


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """A running mail server."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
