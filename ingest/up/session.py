"""One run of everything, from preparing to stopping, for `up` and for the demo."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from urllib.parse import urlsplit

from rich.console import Console

import heartbeat
import host_names
from environment import BASE_DIR, Environment
from ingest.up.broker import bundled_url
from ingest.up.stack import Stack


class Stopped(Exception):
    """Somebody asked this process to end."""


@contextmanager
def running(env: Environment, console: Console) -> Iterator[Stack]:
    """Everything prepared and running inside the block, everything stopped after it.

    SIGINT and SIGTERM end the block with `Stopped`; while stopping, further ones are ignored.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    stack = Stack(env)
    try:
        # A process of its own, so that Django's memory is given back.
        prepared = subprocess.run([sys.executable, "manage.py", "prepare", "--ports"], cwd=BASE_DIR, check=False)
        if prepared.returncode:
            raise SystemExit(prepared.returncode)  # it has said why
        stack.start(bundled_url(env))
        stack.wait_until_ready()
        console.print("[green]✓[/green] running: " + ", ".join(one["name"] for one in stack.processes()))
        yield stack
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        if stack.alive():
            started = time.monotonic()
            console.print("stopping …")
            stack.stop()
            console.print(f"stopped ({time.monotonic() - started:.1f} s)")


def stay(stack: Stack, console: Console) -> None:
    """Return only when the supervisor ends by itself; tell of every process that had to be started again."""
    while stack.alive():
        heartbeat.alive()
        stack.watch(lambda line: console.print(f"[yellow]{line}[/yellow]"))
        time.sleep(5)


def web_url(env: Environment) -> str:
    """The address of the pages: that for the whole network where there is one, else that for this machine."""
    host, port = env.web_address
    host = "127.0.0.1" if host in host_names.EVERYWHERE else host_names.bracketed(host)
    return host_names.network_url(env) or f"http://{host}:{port}/"


def hub_address(env: Environment) -> str:
    """What a camera's `hub_address` should say: the first address that is not encrypted."""
    own = host_names.outward_address() or socket.gethostname()
    address = next((one for one in env.receiver_address if one.startswith("tcp://")), env.receiver_address[0])
    parts = urlsplit(address.replace("*", host_names.bracketed(own)))
    return f"tcp://{host_names.bracketed(parts.hostname or own)}:{parts.port}"


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped
