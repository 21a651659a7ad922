"""What the worker that sends looks for by itself every few seconds: rules whose time has come, messages to try again.

It looks in the process that hands work to its children, where a query costs a millisecond: as tasks of the schedule the
same looks would cost a message, a child and a write to the disk each time, around the clock. What is due is rows, so a
look that is missed loses nothing.
"""

from __future__ import annotations

import logging
from typing import Any

from celery import bootsteps, signature
from django.db import InterfaceError, OperationalError, connections
from django.utils import timezone

from alerts import due, sending
from alerts.channels import by_apprise
from alerts.models import Channel
from alerts.outbox import QUEUE

log = logging.getLogger(__name__)

SECONDS = 5.0
CHECK = "alerts.check_due"


class Looking(bootsteps.StartStopStep):
    """Part of a Celery worker that takes from the queue `sending`: looks, anew after each loss of the broker."""

    conditional = True
    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **_: object) -> None:
        self.enabled = QUEUE in worker.app.amqp.queues.consume_from
        super().__init__(worker)

    def register_with_event_loop(self, worker: Any, hub: Any) -> None:
        """Look now and every few seconds, between the messages that the worker takes."""
        hub.call_soon(look)
        hub.call_repeatedly(SECONDS, look)


def look() -> None:
    """Start what is due; without the database there is nothing to do until the next look."""
    try:
        if due.overdue(timezone.now()):
            signature(CHECK).apply_async(expires=SECONDS)
        sending.send_due()
        if Channel.objects.filter(kind=by_apprise.ByApprise.name, enabled=True).exists():
            by_apprise.load()
    except (OperationalError, InterfaceError) as problem:
        log.warning("the database does not answer: %s", problem)
        connections.close_all()  # the next look makes a new connection
