"""What the receiver has to know of nodes, in a file, since it knows no database: `DATA_DIR/run/node_settings.json`.

It looks at the file every second, so what people set here holds at once.
"""

from __future__ import annotations

import json
import logging
import os
import threading

import environment
from cameras.models import Node

log = logging.getLogger(__name__)
LIMITS = ("max_images_per_day", "max_images_per_minute")


def write_receiver_settings() -> None:
    """Write the limits of every node that has some, under each name that it sends with, where they have changed."""
    file = environment.current().run_dir / "node_settings.json"
    text = json.dumps({"nodes": node_limits()}, ensure_ascii=False, sort_keys=True)
    try:
        if file.exists() and file.read_text() == text:
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        part.write_text(text)
        part.replace(file)
    except OSError as problem:  # the schedule comes back to it
        log.error("the receiver does not learn of changed settings yet: %s", problem)


def node_limits() -> dict[str, dict[str, int]]:
    """The limits by name; a node that had other names has them under each."""
    found: dict[str, dict[str, int]] = {}
    limited = Node.objects.exclude(**dict.fromkeys(LIMITS, 0)).prefetch_related("aliases")
    for node in limited:
        limits = {name: getattr(node, name) for name in LIMITS}
        found |= dict.fromkeys([*(alias.name for alias in node.aliases.all()), node.name], limits)
    return found
