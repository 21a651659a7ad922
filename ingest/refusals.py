"""More is due than may go at once: said in the log, in the admin, by `doctor`, to staff on the first page, and by
an event when it begins and when it is over.

A refusal stands until no more is due than may go, or until a person has it removed.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

import environment
from cameras.models import Event, Purge
from cameras.services import node_for

AGE, ROOM = "refused: age", "refused: room on the disk"
NODE = "librarian"
"""The node whose events are librarian's own."""
SMALL = 1000
"""So many pictures, or events, may always go at once, whatever share of all they are."""

log = logging.getLogger(__name__)


def most_at_once(model: type[Model]) -> int:
    """How many rows may go at once. Counts them all, which takes a while: ask only where more than `SMALL` are due."""
    return max(SMALL, int(environment.current().retention_share * model._default_manager.count()))


def too_many(due: Sequence[QuerySet[Any]]) -> int:
    """How many rows are due, where that is more than may go at once; else 0."""
    if sum(rows.order_by()[: SMALL + 1].count() for rows in due) <= SMALL:
        return 0
    count = sum(rows.order_by().count() for rows in due)
    return count if count > most_at_once(due[0].model) else 0


def refuse(why: str, what: str, so: str = "nothing was removed") -> None:
    """Say it in the log each time, and keep it where people look."""
    share = environment.current().retention_share
    text = f"{what} ({share:.0%} of all): {so}. See manage.py purge --dry-run."
    log.error("%s", text)
    with transaction.atomic():
        row, is_new = standing().update_or_create(why=why, defaults={"refused": True, "text": text})
        if is_new:
            tell("retention refused", row)


def settle(why: str) -> None:
    """Have a refusal end, if there is one."""
    with transaction.atomic():
        for row in standing().select_for_update().filter(why=why):
            row.over_at = timezone.now()
            row.save(update_fields=["over_at"])
            tell("retention goes on", row)
            log.info("%s: no more is due than may go at once", why)


def tell(kind: str, row: Purge) -> None:
    """Write an event of librarian's own, so that the event log says when it began and when it was over."""
    Event.objects.create(
        message_id=uuid.uuid4(),
        node=node_for(NODE),
        kind=kind,
        value=row.text,
        text=f"{NODE}|{kind}|{row.text}",
        at=timezone.now(),
    )


def standing() -> QuerySet[Purge]:
    """The refusals that are not over."""
    return Purge.objects.filter(refused=True, over_at=None, why__in=(AGE, ROOM))
