"""The cloud app."""

from django.apps import AppConfig


class CloudConfig(AppConfig):
    """Number plates read by Plate Recognizer, a service that is paid by the call."""

    name = "cloud"
    verbose_name = "Plate Recognizer"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the system checks."""
        from cloud import checks  # noqa: F401
