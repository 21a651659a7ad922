"""How the pages say what nodes reported."""

from __future__ import annotations

from django import template

from cameras.models import Event
from web.drawing import percent

register = template.Library()

DEGREES = ("C", "F")


@register.filter
def value_of(event: Event) -> str:
    """The value with its unit as people write it: `21.5 C` is 21.5 °C."""
    if event.number is not None and event.unit in DEGREES:
        return f"{event.value.removesuffix(event.unit).strip()} °{event.unit}"
    return event.value


@register.filter
def thousands(number: int) -> str:
    """A count with commas: 12,345."""
    return f"{number:,}"


@register.filter
def share(part: float) -> str:
    """A share of one in percent."""
    return percent(part)
