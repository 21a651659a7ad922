"""The rollups app."""

from django.apps import AppConfig


class RollupsConfig(AppConfig):
    """Counts by hour and by day, from which the statistics are drawn."""

    name = "rollups"
    default_auto_field = "django.db.models.BigAutoField"
