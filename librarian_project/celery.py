"""The Celery application of workers: `celery -A librarian_project.celery worker`."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import (
    celeryd_init,
    worker_before_create_process,
    worker_init,
    worker_process_init,
    worker_ready,
    worker_shutting_down,
)

import error_reports
import heartbeat
import logs
from ingest import task_counts

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "librarian_project.settings")
# Django's checks load every page, which no worker shows; `manage.py` makes them when it migrates or starts anything.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

NICE = 5
"""Receiver, broker and pages come first."""

app = Celery("librarian", task_cls="ingest.base_task:PatientTask")
app.config_from_object("librarian_project.celery_config")
# Celery closes its connections to the database around each task unless told how many tasks may share one; a connection
# costs more than most tasks. One that the server closed is made anew, see ingest/base_task.py.
app.conf.CELERY_DB_REUSE_MAX = 1000
app.autodiscover_tasks()
app.steps["worker"].add("alerts.looking:Looking")
logs.configure_celery()
task_counts.connect()


@celeryd_init.connect(dispatch_uid="error_reports")
def report_errors(sender: str, **_: object) -> None:
    """Report the errors of a worker and its children."""
    error_reports.start(sender)


@worker_init.connect(dispatch_uid="models")
def refuse_without_models(**_: object) -> None:
    """A worker whose models are missing would fail every picture: end it with the line that says what to run."""
    import environment
    from detections import precision

    found = precision.problems(environment.current())
    if found:
        environment.fail("; ".join(found))


@worker_init.connect(dispatch_uid="heartbeat")
def give_signs_of_life(**_: object) -> None:
    """Show that the process runs, from its start on; that it also takes work is for its watchdog to see."""
    heartbeat.Beats().start()


@worker_init.connect(dispatch_uid="broker")
def say_what_could_lose_messages(**_: object) -> None:
    """Log what is wrong with the broker's settings."""
    from ingest.broker_settings import log_problems

    log_problems()


@worker_before_create_process.connect(dispatch_uid="fork")
def prepare_to_fork(**_: object) -> None:
    """Have a child share the memory of what is loaded, and no connection to the database."""
    from django.db import connections

    connections.close_all()
    gc.collect()
    gc.freeze()  # a collection in the child would write to each page


@worker_process_init.connect(dispatch_uid="nice")
def step_back(**_: object) -> None:
    """Leave the processor to those whom somebody waits for."""
    os.nice(NICE)


@worker_ready.connect(dispatch_uid="watchdog")
def watch(sender: Any, **_: object) -> None:
    """Watch a worker from within, until it stops."""
    from ingest.watchdog import Watchdog, end_worker

    watchdog = Watchdog(sender.hostname, sorted(sender.app.amqp.queues.consume_from), end_worker)
    watchdog.start()
    worker_shutting_down.connect(lambda **_: watchdog.stop(), weak=False)
