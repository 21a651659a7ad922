"""Fields of forms as HTML where Django's own way takes long."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe


class LongSelect(forms.Select):
    """A list of hundreds of choices, in groups: what Django renders with a template for each of them."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The list with the chosen value marked; choices have no attributes of their own."""
        facts = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        groups = "".join(group(str(title), choices, str(value or "")) for title, choices in self.choices)
        return mark_safe(f"<select{facts}>{groups}</select>")  # noqa: S308  every text in it was escaped


def group(title: str, choices: Iterable[Any], chosen: str) -> str:
    """Choices under their title."""
    inside = "".join(choice(value, text, chosen) for value, text in choices)
    return f'<optgroup label="{escape(title)}">{inside}</optgroup>'


def choice(value: object, text: object, chosen: str) -> str:
    """One of them."""
    mark = " selected" if str(value) == chosen else ""
    return f'<option value="{escape(str(value))}"{mark}>{escape(str(text))}</option>'
