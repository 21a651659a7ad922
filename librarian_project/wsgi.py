"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

import error_reports
from librarian_project.celery import app as celery_app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "librarian_project.settings")

# Somebody waits for a page: it says soon that the broker is not there.
celery_app.conf.broker_transport_options |= {"socket_timeout": 2, "socket_connect_timeout": 2, "max_retries": 0}
celery_app.conf.task_publish_retry_policy = {"max_retries": 0}

application = get_wsgi_application()
error_reports.start("web")
