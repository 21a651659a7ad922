"""The Celery application of beat and Flower. They run no task, so Django and the models stay out of their memory."""

from celery import Celery

import logs

app = Celery("librarian", set_as_current=False)
app.config_from_object("librarian_project.celery_config")
logs.configure_celery()
