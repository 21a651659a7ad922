"""What people set for themselves: a new password, and how pages look and tell the time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm, PasswordResetForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.request import split_domain_port

import environment
from accounts import zones
from accounts.models import Density, Theme, User
from accounts.widgets import LongSelect

if TYPE_CHECKING:  # generic only for the type checker
    UserModelForm = forms.ModelForm[User]
else:
    UserModelForm = forms.ModelForm

PAUSE_SECONDS = 5 * 60

post_office = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
"""Sends mail while the page is answered: how long that takes must not tell whose addresses are known."""


class ProfileForm(UserModelForm):
    """How the pages are for somebody, in every browser."""

    time_zone = forms.ChoiceField(
        label="Time zone",
        widget=LongSelect,
        required=False,
        help_text="Times, days and the hours of filters are told by it. Statistics and file names keep the site’s.",
    )
    theme = forms.ChoiceField(label="Colours", choices=Theme.choices, widget=forms.RadioSelect)
    density = forms.ChoiceField(
        label="Density",
        choices=Density.choices,
        widget=forms.RadioSelect,
        help_text="Compact shows more at once. What is touched with a finger stays as large.",
    )

    class Meta:
        model = User
        fields = ["time_zone", "theme", "density"]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  it is declared above
        field.choices = zones.choices(self.instance.time_zone)


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
