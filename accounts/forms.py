"""Asking for a mail that lets one choose a new password."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm, PasswordResetForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.request import split_domain_port

import environment

PAUSE_SECONDS = 5 * 60

post_office = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
"""Sends mail while the page is answered: how long that takes must not tell whose addresses are known."""


class ChangeForm(PasswordChangeForm):
    """Django's form; the old password is asked for as at the login, so that wrong ones are counted."""

    def __init__(self, request: HttpRequest, *arguments: Any, **options: Any) -> None:
        self._request = request
        super().__init__(*arguments, **options)

    def clean_old_password(self) -> str:
        """The old password, where it is right."""
        given = str(self.cleaned_data["old_password"])
        if authenticate(self._request, username=self.user.get_username(), password=given) != self.user:
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return given


class ResetForm(PasswordResetForm):
    """Django's form; at most one mail to a person in five minutes, with links to SITE_URL where that is set.

    Else they lead to the name that the browser used, which ALLOWED_HOSTS has checked, and to our own port, since what a
    browser says of the port nobody checks.
    """

    def save(self, *_: Any, **options: Any) -> None:
        """Send a mail to everybody with that address who can log in."""
        if settings.SITE_URL:
            site = urlsplit(settings.SITE_URL)
            options |= {"domain_override": site.netloc, "use_https": site.scheme == "https"}
        else:
            host, port = split_domain_port(options["request"].get_host())[0], environment.current().web_address[1]
            options["domain_override"] = f"{host}:{port}"
        super().save(**options)

    def send_mail(self, *arguments: Any, **options: Any) -> None:
        """Send one mail, unless that person has had one just now; what fails is logged."""
        context = arguments[2] if len(arguments) > 2 else options["context"]
        if cache.add(f"reset-{context['user'].pk}", True, PAUSE_SECONDS):
            post_office.submit(super().send_mail, *arguments, **options)
