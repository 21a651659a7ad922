"""Wiring only: settings, the Celery applications, the schedule, the addresses of pages."""
