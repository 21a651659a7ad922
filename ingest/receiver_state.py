"""What the receivers say of themselves; free of Django, so that `up` stays small."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import environment

log = logging.getLogger(__name__)

FRESH = timedelta(seconds=20)
"""A receiver writes its state at least every five seconds."""
FORGOTTEN = timedelta(days=1)
"""After so long a receiver that does not write any more was taken out of use, where another one runs."""
SUMMED = ("received", "stored", "events", "heartbeats", "tuning", "live", "bytes")
EVER = datetime(1970, 1, 1, tzinfo=UTC)
State = dict[str, Any]


def receiver_states() -> list[State]:
    """What every receiver of this data folder says of itself, with `alive`, by the order of their ids.

    `run/receiver-ID.json`, one file each; `run/receiver.json` is one of them under its usual name.
    """
    run_dir = environment.current().run_dir
    # The plain name last: it counts only where no other file is of the same receiver.
    read = [_read(file) for file in [*sorted(run_dir.glob("receiver-*.json")), run_dir / "receiver.json"]]
    by_id: dict[str, State] = {}
    for state in filter(None, read):
        by_id.setdefault(state.get("id", ""), state)
    newest = max((state["updated_at"] for state in by_id.values()), default=None)
    return [one for one in by_id.values() if one["updated_at"] == newest or not _forgotten(one)]


def receiver_state() -> State:
    """All receivers as one: that of RECEIVER_ID or else the one that wrote last, with the counts and nodes of all.

    `alive` is whether every one of them is; only `alive: False` where none ever ran. Where there are several, their own
    states are in `receivers`.
    """
    states = receiver_states()
    if not states:
        return {"alive": False}
    own = environment.current().receiver_id
    first = max(states, key=lambda one: (one.get("id") == own, one["updated_at"]))
    if len(states) == 1:
        return first
    refused: Counter[str] = Counter()
    for state in states:
        refused.update(state.get("refused", {}))
    return first | {
        **{name: sum(state.get(name, 0) for state in states) for name in SUMMED},
        "refused": dict(refused),
        "nodes": {name: node for name, (node, _) in heard_nodes(states).items()},
        "alive": all(state["alive"] for state in states),
        "receivers": {state.get("id", ""): state for state in states},
    }


def own_state() -> State:
    """What the receiver of RECEIVER_ID says; only `alive: False` where it never ran."""
    own = environment.current().receiver_id
    return next((state for state in receiver_states() if state.get("id") == own), {"alive": False})


def heard_nodes(states: Iterable[State]) -> dict[str, tuple[State, State]]:
    """What is known of each node by the receiver that heard it last, and that receiver."""
    heard: dict[str, tuple[State, State]] = {}
    for state in states:
        for name, node in state.get("nodes", {}).items():
            if name not in heard or node["last_seen_at"] > heard[name][0]["last_seen_at"]:
                heard[name] = node, state
    return heard


def listening_since(state: State) -> datetime | None:
    """Since when a receiver has listened without a pause; None when it does not."""
    started = datetime.fromisoformat(state["started_at"]) if "started_at" in state else EVER
    return started if state["alive"] else None


def _read(file: Path) -> State | None:
    try:
        state: State = json.loads(file.read_text())
        age = datetime.now(UTC) - datetime.fromisoformat(state["updated_at"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as problem:  # a power cut can leave it empty; the receiver writes it anew
        log.warning("%s is damaged: %s", file, problem)
        return None
    return state | {"alive": age < FRESH}


def _forgotten(state: State) -> bool:
    return datetime.now(UTC) - datetime.fromisoformat(state["updated_at"]) > FORGOTTEN
