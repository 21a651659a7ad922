"""What server-sent events would do to the pages: gunicorn as `up` starts it, and walls that hold a connection each."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import environment
from tests.harness import ROOT, eventually

EVERY_SECONDS = 0.5
TIMEOUT_SECONDS = 5


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
    """WSGI: `/events` never ends, everything else answers at once."""
    if environ["PATH_INFO"] == "/events":
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        while True:
            yield b": nothing new\n\n"
            time.sleep(EVERY_SECONDS)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    yield b"ok"


def pages_beside_streams(walls: int, port: int) -> int:
    """How many of five pages get no answer in time while so many walls are open."""
    threads = str(environment.current().web_threads)
    options = ("--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", threads, "--no-control-socket")
    server = subprocess.Popen(
        (sys.executable, "-m", "gunicorn", *options, "--log-level", "error", "benchmarks.wall_events:application"),
        cwd=ROOT,
    )
    try:
        eventually(lambda: answers(port), 30)
        held = [http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS) for _ in range(walls)]
        for one in held:
            one.request("GET", "/events")
        time.sleep(1)
        lost = sum(not answers(port) for _ in range(5))
        for one in held:
            one.close()
        return lost
    finally:
        server.kill()
        server.wait()


def answers(port: int) -> bool:
    """Whether a page comes in time."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
