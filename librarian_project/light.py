"""The Celery application of beat and Flower. They run no task, so Django and the models stay out of their memory."""

from celery import Celery
from celery.signals import beat_init

import counting
import environment
import error_reports
import logs

app = Celery("librarian", set_as_current=False)
app.config_from_object("librarian_project.celery_config")
logs.configure_celery()


@beat_init.connect(dispatch_uid="watched")
def watch_beat(**_: object) -> None:
    """Have beat count what it sends, and report its errors."""
    counting.keep_in(environment.current().run_dir / "metrics" / "beat")
    error_reports.start("beat")
