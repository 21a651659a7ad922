"""Having a worker send what waits, by the name of its task: sending has a queue and a worker of its own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from celery import signature
from django.db import transaction

SEND = "alerts.send_by"
QUEUE = "sending"


def send_soon(channels: Iterable[int]) -> None:
    """Have what waits for some channels sent, once the transaction has ended; the schedule finds what is lost here."""
    for number in sorted(set(channels)):
        transaction.on_commit(partial(send_now, number), robust=True)


def send_now(channel_id: int) -> None:
    """Have what waits for a channel sent."""
    signature(SEND, kwargs={"channel_id": channel_id}).apply_async(queue=QUEUE, expires=60)
