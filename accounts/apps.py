"""The accounts app."""

import logging
from typing import Any

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, and what they may see."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks, and what a login and a logout bring with them."""
        logging.getLogger("axes").setLevel(logging.WARNING)  # it tells at length of what went well

        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from accounts import checks  # noqa: F401

        user_logged_in.connect(_logged_in, dispatch_uid="accounts")
        user_logged_out.connect(_logged_out, dispatch_uid="accounts")


def _logged_in(request: Any, **_: Any) -> None:
    from accounts import sessions

    sessions.note_use(request.session)
    sessions.remove_expired()


def _logged_out(request: Any, **_: Any) -> None:
    from django.contrib import messages

    messages.info(request, "You are signed out.", fail_silently=True)
