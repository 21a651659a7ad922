"""The tasks of cameras: moving the rows of merged ones, telling the receiver what people set."""

from __future__ import annotations

from celery import shared_task

from cameras import merging, receiver_settings


@shared_task(name="cameras.finish_merges")
def finish_merges() -> None:
    """Move what merged cameras still have, a slice at a time."""
    if merging.finish_merges():
        finish_merges.apply_async(queue="maintenance")


@shared_task(name="cameras.write_receiver_settings")
def write_receiver_settings() -> None:
    """Have the receiver's file hold what the nodes' rows hold, however they came to hold it."""
    receiver_settings.write_receiver_settings()
