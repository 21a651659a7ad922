"""The one task of cameras: moving the rows of merged ones."""

from __future__ import annotations

from celery import shared_task

from cameras import merging


@shared_task(name="cameras.finish_merges")
def finish_merges() -> None:
    """Move what merged cameras still have, a slice at a time."""
    if merging.finish_merges():
        finish_merges.apply_async(queue="maintenance")
