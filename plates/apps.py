"""The plates app."""

from django.apps import AppConfig


class PlatesConfig(AppConfig):
    """Number plates read from images."""

    name = "plates"
    default_auto_field = "django.db.models.BigAutoField"
