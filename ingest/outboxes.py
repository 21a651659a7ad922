"""The receivers' outboxes, as the sweeps look into them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import environment
from receiver.outbox import Outbox


def outbox_files() -> list[Path]:
    """The outbox of every receiver that ever wrote here."""
    return sorted(environment.current().outbox_dir.glob("*.sqlite3"))


@contextmanager
def opened(file: Path) -> Iterator[Outbox]:
    """One outbox, to look into and to mark records in."""
    with closing(Outbox(file)) as outbox:
        yield outbox


@contextmanager
def all_opened() -> Iterator[list[Outbox]]:
    """Every outbox."""
    with ExitStack() as stack:
        yield [stack.enter_context(opened(file)) for file in outbox_files()]
