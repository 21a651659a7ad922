"""How far the sweeps have come, in small files under DATA_DIR/run; without them a sweep starts from the beginning."""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path

import environment

log = logging.getLogger(__name__)


def read_mark(name: str) -> datetime | None:
    """The time that was noted under a name, if any."""
    file = _file(name)
    try:
        return datetime.fromisoformat(file.read_text())
    except FileNotFoundError:
        return None
    except ValueError:
        log.warning("%s is damaged: looking at everything again", file)
        return None


def write_mark(name: str, at: datetime) -> None:
    """Note an aware time under a name, atomically."""
    file = _file(name)
    part = file.with_suffix(f".{os.getpid()}")
    part.write_text(at.isoformat())
    part.replace(file)


def _file(name: str) -> Path:
    return environment.current().run_dir / f"sweep-{name}.mark"
