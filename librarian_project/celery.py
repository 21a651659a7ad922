"""The Celery application of workers: `celery -A librarian_project.celery worker`."""

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "librarian_project.settings")

app = Celery("librarian")
app.config_from_object("librarian_project.celery_config")
app.autodiscover_tasks()


@worker_init.connect(dispatch_uid="models")
def refuse_without_models(**_: object) -> None:
    """A worker whose models are missing would fail every picture: end it with the line that says what to run."""
    import environment
    from detections import modelfiles

    found = modelfiles.problems(environment.current())
    if found:
        environment.fail("; ".join(found))
