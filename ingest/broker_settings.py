"""Whether the broker is set so that it loses nothing; the servers' own defaults are not."""

from __future__ import annotations

import logging

import redis

from ingest import queues

log = logging.getLogger(__name__)

WANTED = {
    "appendonly": (("yes",), "what waits in it is lost when it ends"),
    "appendfsync": (("everysec", "always"), "what waits in it is lost in a power cut"),
    "maxmemory-policy": (("noeviction",), "it drops what waits when its memory is full, instead of refusing more"),
}
"""For each setting the values that lose nothing, the first one enough, and what any other value does."""
NEARLY_FULL = 0.9


def problems(client: redis.Redis) -> list[str]:
    """A line for each setting that may lose messages, with what mends it. Raises `redis.ConnectionError`."""
    try:
        found = {name: client.config_get(name).get(name) for name in WANTED}
    except redis.ResponseError as refusal:  # an ACL without CONFIG, or a service that does not let it through
        wanted = ", ".join(f"{name} {' or '.join(good)}" for name, (good, _) in WANTED.items())
        return [f"The broker's settings could not be checked ({refusal}). Nothing is lost only with {wanted}."]
    lines = [
        f"The broker has {name} {found[name] or 'unknown'}: {harm}. Mend it with `CONFIG SET {name} {good[0]}`, and "
        f"with the line `{name} {good[0]}` in its configuration file, so that it stays."
        for name, (good, harm) in WANTED.items()
        if found[name] not in good
    ]
    return lines + memory_problems(client)


def memory_problems(client: redis.Redis) -> list[str]:
    """A line where the broker's memory is nearly full."""
    try:
        memory = client.info("memory")
    except redis.ResponseError:
        return []
    used, most = int(memory.get("used_memory", 0)), int(memory.get("maxmemory", 0))
    if not most or used < most * NEARLY_FULL:
        return []
    return [
        f"The broker uses {used / 2**20:.0f} of {most / 2**20:.0f} MiB (maxmemory): once it is full it takes no more, "
        "and pictures wait in the receiver's outbox. Give it more, or see why so much waits."
    ]


def log_problems(**_: object) -> None:
    """Warn of what may lose messages; to be called, or connected to Celery's `worker_init`, when a worker starts."""
    try:
        for line in problems(queues.client()):
            log.warning("%s", line)
    except redis.RedisError as problem:  # the worker itself says when the broker is there
        log.warning("the broker's settings could not be checked: %s", problem)
