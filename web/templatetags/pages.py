"""How the pages say what nodes reported."""

from __future__ import annotations

from django import template

from cameras.models import Event
from web.drawing import percent
from web.picture_sizes import stage_sizes
from web.statistics import svg
from web.timeline import svg as timeline

register = template.Library()

DEGREES = ("C", "F")

register.simple_tag(svg.drawing, name="chart")
register.simple_tag(svg.table, name="sheet")
register.simple_tag(timeline.lane)
register.simple_tag(timeline.lane_axis)
register.filter(stage_sizes)


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
