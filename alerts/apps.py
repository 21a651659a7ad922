"""The alerts app."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Rules, the messages that they make, and the channels that carry them to people."""

    name = "alerts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have what happens told to the rules, where any of them wants to hear of it."""
        from alerts.compiled import wants
        from ingest import telling

        telling.listen(wants)
