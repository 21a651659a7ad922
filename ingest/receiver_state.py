"""What the receiver says of itself; free of Django, so that `up` stays small."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import environment

log = logging.getLogger(__name__)

FRESH = timedelta(seconds=20)
"""The receiver writes its state at least every five seconds."""


def receiver_state() -> dict[str, Any]:
    """What the receiver says of itself, with `alive`; only `alive: False` where it never ran."""
    file = environment.current().run_dir / "receiver.json"
    try:
        state: dict[str, Any] = json.loads(file.read_text())
    except FileNotFoundError:
        return {"alive": False}
    except ValueError as problem:  # a power cut can leave it empty; the receiver writes it anew
        log.warning("%s is damaged: %s", file, problem)
        return {"alive": False}
    return state | {"alive": datetime.now(UTC) - datetime.fromisoformat(state["updated_at"]) < FRESH}
