"""The demo gives way: where another program has a default port, it takes a free one."""

from __future__ import annotations

import os

import environment
from environment import Environment
from ingest.up.broker import free_port, port_is_free


def choose(env: Environment) -> tuple[Environment, list[str]]:
    """The settings with addresses that are free, and a line for each one that had to be changed.

    Addresses that a person set are left as they are.
    """
    moved = []
    receiver_port = int(env.receiver_address[0].rpartition(":")[2])
    if not environment.is_set("RECEIVER_ADDRESS") and not port_is_free("*", receiver_port):
        moved.append(("RECEIVER_ADDRESS", f"tcp://127.0.0.1:{free_port()}"))
    for name, (host, port) in (("WEB_ADDRESS", env.web_address), ("FLOWER_ADDRESS", env.flower_address)):
        if not environment.is_set(name) and not port_is_free(host, port):
            moved.append((name, f"{host}:{free_port()}"))
    os.environ.update(moved)
    environment.current.cache_clear()
    return environment.current(), [f"{name} is taken; the demo uses {value}" for name, value in moved]
