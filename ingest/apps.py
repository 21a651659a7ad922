"""The ingest app."""

from django.apps import AppConfig


class IngestConfig(AppConfig):
    """From the outbox to the index: tasks, sweeps, retention, commands."""

    name = "ingest"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the system checks and the stamp on messages."""
        from ingest import checks, database_checks, queues  # noqa: F401
