"""The detections app."""

from django.apps import AppConfig


class DetectionsConfig(AppConfig):
    """Objects found in images."""

    name = "detections"
    default_auto_field = "django.db.models.BigAutoField"
