"""Trying again what was set aside."""

from __future__ import annotations

from celery import current_app

from cameras.models import DeadLetter
from ingest import deliveries, pipeline


def retry(letter: DeadLetter) -> None:
    """Have a dead letter's work tried anew; the letter goes, and comes again should it fail again.

    Raises `kombu.exceptions.OperationalError` where the broker is not there; the letter then stays.
    """
    if letter.image:
        pipeline.restart_failed(letter.image)
    else:
        deliveries.forget(letter.subject, letter.args)
        current_app.send_task(letter.task, args=letter.args, task_id=letter.subject)
    DeadLetter.objects.filter(pk=letter.pk).delete()
