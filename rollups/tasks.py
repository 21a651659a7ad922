"""The tasks of counting."""

from __future__ import annotations

from celery import shared_task

from rollups import services


@shared_task(name="rollups.count")
def count() -> None:
    """Count hours that changed, and go on with what is counted anew, a slice at a time."""
    if services.count():
        count.apply_async(expires=60)


@shared_task(name="rollups.count_anew")
def count_anew() -> None:
    """Have everything counted anew, in case that a change was not noted; `rollups.count` does it."""
    services.begin_anew()
