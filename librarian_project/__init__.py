"""Wiring only: settings, the Celery application, the schedule, the addresses of pages."""

from librarian_project.celery import app as celery_app

__all__ = ["celery_app"]
