"""The Celery application of workers and beat: `celery -A librarian_project worker`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "librarian_project.settings")

app = Celery("librarian")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
