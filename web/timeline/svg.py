"""Lanes of the timeline as HTML. Written here rather than in templates: they were most of a page's time.

Everything that is text goes through `escape`; numbers are texts already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from web.timeline.drawing import AXIS, HEIGHT, Frame, Lane, Tick


def lane(frame: Frame, one: Lane) -> SafeString:
    """A row: its name, what is said of it, and its drawing."""
    tall = " lane-tall" if one.facts else ""
    facts = [f'role="img" aria-label="{escape(one.title)}: {escape(one.said)}"', told(one)]
    facts += [f'data-camera="{one.camera}"'] if one.camera else []
    inside = f"{ground(frame, one.height)}{strokes(one)}"
    drawn = f'<svg class="lane{tall}" {shape(frame, one.height)} {" ".join(facts)}>{inside}</svg>'
    return mark_safe(f'<div class="lane-row">{head(one)}{drawn}</div>')  # noqa: S308  every text in it was escaped


def overview(frame: Frame, one: Lane, chosen: int | None, steps: SafeString) -> SafeString:
    """The lane of all cameras, whose steps are links; one may be chosen."""
    facts = f'role="group" aria-label="{escape(one.title)}: {escape(one.said)}" {told(one)}'
    mark = "" if chosen is None else f'<rect class="lane-chosen" x="{chosen}" width="1" height="{HEIGHT}"/>'
    inside = f"{ground(frame, HEIGHT)}{mark}{strokes(one)}{steps}"
    return mark_safe(f'<svg class="lane lane-overview" {shape(frame, HEIGHT)} {facts}>{inside}</svg>')  # noqa: S308  as above


def shape(frame: Frame, height: int) -> str:
    """The units of a lane, which sheets stretch."""
    return f'viewBox="0 0 {frame.width} {height}" preserveAspectRatio="none"'


def told(one: Lane) -> str:
    """What is in each step, for the script."""
    things = f' data-things="{",".join(one.things)}"' if one.things else ""
    return f'data-told="{escape("|".join(one.told))}"{things}'


def ground(frame: Frame, height: int) -> str:
    """The lines of the axis, and where the present is."""
    now = f'<path class="lane-now" d="M{frame.now} 0V{height}"/>' if frame.now else ""
    return f'<path class="lane-grid" d="{frame.grid}"/>{now}'


def strokes(one: Lane) -> str:
    """What is drawn of a lane itself."""
    return "".join(f'<path class="lane-{each.look}" d="{each.path}"/>' for each in one.strokes)


def head(one: Lane) -> str:
    """The name of a row, with its facts or what is said of it."""
    name = f"<bdi>{escape(one.title)}</bdi>"
    name = f'<a href="{one.url}">{name}</a>' if one.url else name
    facts = (f"<div><dt>{escape(term)}</dt><dd><bdi>{escape(value)}</bdi></dd></div>" for term, value in one.facts)
    said = f'<span class="faint small">{escape(one.said)}</span>'
    said = f'<dl class="lane-facts small">{"".join(facts)}</dl>' if one.facts else said
    return f'<div class="lane-head"><h3>{name}</h3>{said}</div>'


def lane_axis(frame: Frame) -> SafeString:
    """The names of hours or days, which lead to the days."""
    ticks = "".join(tick(one, frame.day_url) for one in frame.ticks)
    hidden = 'aria-hidden="true" focusable="false"'
    drawn = f'<svg class="lane-axis" viewBox="0 0 {AXIS} 20" {hidden}>{ticks}</svg>'
    return mark_safe(drawn)  # noqa: S308  every text in it was escaped


def tick(one: Tick, day_url: str) -> str:
    """One of them."""
    look = ' class="sparse"' if one.sparse else ""
    text = f'<text x="{one.x}" y="14"{look}>{escape(one.text)}</text>'
    return f'<a href="{escape(day_url)}{one.day}" tabindex="-1">{text}</a>' if day_url else text


def links(step_address: str, steps: Iterable[tuple[int, str]]) -> SafeString:
    """Steps of the overview with what is said of them, as links for who has no script."""
    address = escape(step_address)
    return mark_safe("".join(link(address, step, escape(said)) for step, said in steps))  # noqa: S308  both were escaped


def link(address: str, step: int, said: str) -> str:
    """One of them."""
    room = f'<rect class="lane-step" x="{step}" width="1" height="{HEIGHT}"><title>{said}</title></rect>'
    return f'<a href="{address}{step}" tabindex="-1" aria-label="{said}">{room}</a>'


def rows(step_address: str, table: Iterable[tuple[int, str, Sequence[int]]]) -> SafeString:
    """Steps as rows of a table: number, words, counts."""
    address = escape(step_address)
    return mark_safe("".join(row(address, *one) for one in table))  # noqa: S308  both texts are escaped


def row(address: str, step: int, words: str, counts: Sequence[int]) -> str:
    """One of them."""
    figures = "".join(f'<td class="figure">{count:,}</td>' for count in counts)
    return f'<tr><th scope="row"><a href="{address}{step}">{escape(words)}</a></th>{figures}</tr>'
