"""What people are told of while it lasts: pictures wait for long, the disk fills. Each begins and ends once.

How it stands is in DATA_DIR/run/alarms.json, so that every page can show it without asking the database; beginning and
end are events of the node `librarian`.
"""

from __future__ import annotations

import json
import logging
import os
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import environment
from cameras.models import Event
from cameras.services import node_for
from ingest import behind, filling
from ingest.samples import Sample, Verdict

log = logging.getLogger(__name__)

NODE = "librarian"
"""The node whose events these are."""
EVENTS = uuid.uuid5(uuid.NAMESPACE_URL, "librarian:alarm")
TITLES = {"behind": "Pictures are not looked at as fast as they come", "disk": "The disk is filling up"}
KINDS = {"behind": ("behind", "caught up"), "disk": ("disk filling", "disk relieved")}
"""The kinds of the events of beginning and end."""


@dataclass(slots=True)
class Alarm:
    """How one thing stands."""

    name: str
    on: bool = False
    since: float = 0.0
    """When it last changed, seconds since 1970."""
    text: str = ""
    untold: bool = False
    """Whether the event of the last change has still to be written."""
    samples: list[Sample] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What it is, for people."""
        return TITLES[self.name]

    @property
    def kind(self) -> str:
        """The kind of the event of the last change."""
        return KINDS[self.name][0 if self.on else 1]

    @property
    def since_at(self) -> datetime:
        """When it last changed."""
        return datetime.fromtimestamp(self.since, UTC)


Judge = Callable[[Alarm, float], Verdict]
JUDGES: dict[str, Judge] = {
    "behind": lambda alarm, now: behind.judge(alarm.samples, alarm.on, now),
    "disk": lambda alarm, now: filling.judge(alarm.samples, alarm.on, now),
}


def update() -> None:
    """Measure, judge, and write events of what begins or ends. Every minute, by one process."""
    now, known = time.time(), read()
    for name, judge in JUDGES.items():
        alarm = known.setdefault(name, Alarm(name))
        verdict = judge(alarm, now)
        if verdict.on != alarm.on:
            alarm.on, alarm.since, alarm.untold = verdict.on, now, True
        alarm.text = verdict.text
    write(known)
    for alarm in known.values():
        if alarm.untold:
            tell(alarm)
            alarm.untold = False
    write(known)


def tell(alarm: Alarm) -> None:
    """Write the event of a beginning or an end; again, after a crash, with the same result."""
    kind = alarm.kind
    facts = {
        "node": node_for(NODE),
        "kind": kind,
        "value": alarm.text[:255],
        "text": f"{NODE}|{kind}|{alarm.text}"[:1024],
        "at": alarm.since_at,
    }
    Event.objects.get_or_create(message_id=uuid.uuid5(EVENTS, f"{alarm.name} {alarm.on} {alarm.since}"), defaults=facts)
    log.warning("%s: %s", kind, alarm.text)


def standing() -> list[Alarm]:
    """Those that last."""
    return [alarm for alarm in read().values() if alarm.on]


def read() -> dict[str, Alarm]:
    """How everything stands, by its name; a file that is damaged counts as none."""
    try:
        found = json.loads(_file().read_text())
        return {name: Alarm(**facts) for name, facts in found.items() if name in KINDS}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as problem:
        log.warning("%s is damaged and begins anew: %s", _file(), problem)
        return {}


def write(alarms: dict[str, Alarm]) -> None:
    """Keep how everything stands, atomically."""
    part = _file().with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps({name: asdict(alarm) for name, alarm in alarms.items()}))
    part.replace(_file())


def _file() -> Path:
    return environment.current().run_dir / "alarms.json"
