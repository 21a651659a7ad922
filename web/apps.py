"""The web app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages that show several apps."""

    name = "web"
    default_auto_field = "django.db.models.BigAutoField"
