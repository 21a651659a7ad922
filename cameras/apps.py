"""The cameras app."""

from django.apps import AppConfig


class CamerasConfig(AppConfig):
    """Nodes, cameras, and what they sent."""

    name = "cameras"
    default_auto_field = "django.db.models.BigAutoField"
