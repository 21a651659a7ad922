"""Every component in every state, light and dark, for those who build pages."""

from __future__ import annotations

import re
from pathlib import Path

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from web.choices import Choice, Tab

SPRITE = Path(__file__).resolve().parent.parent / "static" / "web" / "img" / "icons.svg"


class SampleForm(forms.Form):
    """A form with one field of each kind."""

    owner = forms.CharField(help_text="Who drives it, as you would say it.")
    email = forms.EmailField(required=False, label="E-mail")
    list = forms.ChoiceField(choices=[("", "Unknown"), ("known", "Known"), ("watch", "Watch")], required=False)
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    tell = forms.BooleanField(label="Tell me when it comes", required=False, help_text="By e-mail, at once.")
    when = forms.ChoiceField(choices=[("day", "By day"), ("night", "By night")], widget=forms.RadioSelect)
    off = forms.CharField(disabled=True, initial="Cannot be changed", required=False)


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """The samples once in light and once in dark; for staff."""
    if not (isinstance(request.user, User) and request.user.is_staff):
        raise Http404("for staff")
    sides = [
        {
            "theme": theme,
            "form": SampleForm(auto_id=f"{theme}-%s"),
            "wrong": SampleForm({"email": "nobody"}, auto_id=f"{theme}-wrong-%s"),
        }
        for theme in ("light", "dark")
    ]
    return render(request, "web/styleguide.html", {"sides": sides, **samples()})


def samples() -> dict[str, object]:
    """What the components are shown with."""
    texts = ("All", "Known", "Watched")
    return {
        "icons": re.findall(r'<symbol id="([a-z]+)"', SPRITE.read_text(encoding="utf-8")),
        "now": timezone.now(),
        "tabs": [
            Tab(f"#{text}", text, text == "Known", count) for text, count in zip(texts, (128, 12, 3), strict=True)
        ],
        "choices": [Choice("1", "gate Driveway", chosen=True), Choice("2", "yard Barn")],
        "pairs": [("Camera", "gate Driveway"), ("Size", "1280 × 960"), ("Empty", "")],
        "kinds": ("", "ok", "warning", "danger", "accent"),
        "things": ("person", "vehicle", "animal", "thing"),
        "colours": (
            *("ground", "surface", "surface-2", "surface-3", "line", "line-strong", "ink", "ink-2"),
            *("accent", "accent-soft", "ok", "warning", "danger", "person", "vehicle", "animal", "thing", "plate"),
        ),
        "spaces": ("1", "2", "3", "4", "5", "6", "8"),
    }
