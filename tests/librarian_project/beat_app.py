"""A schedule so short that a test can watch it, run by the real beat: `celery -A tests.librarian_project.beat_app`."""

import os

from celery import Celery

PERIOD = 2.0

app = Celery("beat-test", broker=os.environ["BEAT_BROKER"], set_as_current=False)
app.conf.beat_scheduler = "librarian_project.beat:KeepingScheduler"
app.conf.beat_schedule_filename = os.environ["BEAT_FILE"]
app.conf.broker_transport_options = {}
app.conf.task_publish_retry_policy = {"max_retries": 0}
app.conf.beat_schedule = {
    name: {"task": name, "schedule": PERIOD, "options": {"queue": name}} for name in ("sweep", "purge")
}
