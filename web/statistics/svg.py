"""Charts and tables of the statistics as HTML. Written here rather than in templates: they were most of a page's time.

Everything that is text goes through `escape`; numbers are texts already.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe

from web.statistics import heat
from web.statistics.drawing import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Chart, Hint, Mark, Series
from web.statistics.heat import Cell, Grid
from web.statistics.parts import Row, Section, Sheet


def drawing(section: Section) -> SafeString:
    """The chart of a part of the page with its legend; nothing where there is nothing to draw."""
    found = section.chart
    if found is None:
        return SafeString("")
    drawn = heat_map(section, found) if isinstance(found, Grid) else chart(section, found)
    return mark_safe(drawn)  # noqa: S308  every text in it was escaped


def chart(section: Section, drawn: Chart) -> str:
    """Columns or lines between a scale and the names of steps."""
    inside = [
        *(f'<path class="level" d="M{LEFT} {one.at}H{RIGHT}"/>' for one in drawn.levels),
        *(f'<path class="series series-{one.colour}" d="{one.path}"/>' for one in drawn.strokes),
        f'<path class="floor" d="M{LEFT} {BOTTOM}H{RIGHT}"/>',
        *map(level_name, drawn.levels),
        *(step_name(f'y="{HEIGHT}" dy="-10" text-anchor="{one.anchor}"', one) for one in drawn.names),
        *map(hint, drawn.hints),
    ]
    return framed(section, f"chart-{drawn.kind}", f"{WIDTH} {HEIGHT}", inside) + legend(map(key, drawn.legend))


def heat_map(section: Section, drawn: Grid) -> str:
    """Cells of the hours of a week."""
    inside = [
        *(f'<text class="step-name" x="0" y="{y}">{name}</text>' for y, name in drawn.rows),
        *map(cell, drawn.cells),
        *(step_name(f'y="{heat.HEIGHT}" dy="-8"', one) for one in drawn.hours),
    ]
    shades = (f'<li class="shade-key">{swatch(f"shade-{one}")}</li>' for one in range(heat.SHADES + 1))
    keys = ["<li>none</li>", *shades, f"<li>{drawn.most:.1f} visits</li>"]
    return framed(section, "heat", f"{heat.WIDTH} {heat.HEIGHT}", inside) + legend(keys)


def framed(section: Section, look: str, size: str, inside: Iterable[str]) -> str:
    """A drawing that says what it shows."""
    slug = escape(section.slug)
    facts = f'viewBox="0 0 {size}" role="img" aria-labelledby="title-{slug}" aria-describedby="desc-{slug}"'
    said = (
        f'<title id="title-{slug}">{escape(section.title)}</title><desc id="desc-{slug}">{escape(section.says)}</desc>'
    )
    return f'<svg class="chart {look}" {facts}>{said}{"".join(inside)}</svg>'


def level_name(one: Mark) -> str:
    """What a line of the scale stands for."""
    place = f'x="{LEFT}" y="{one.at}" dx="-6" dy="0.35em" text-anchor="end"'
    return f'<text class="level-name" {place}>{escape(one.text)}</text>'


def step_name(place: str, one: Mark) -> str:
    """The name of a step under the axis."""
    return f'<text class="step-name{" sparse" if one.sparse else ""}" x="{one.at}" {place}>{escape(one.text)}</text>'


def hint(one: Hint) -> str:
    """The room of a step, which a pointer finds."""
    place = f'x="{one.x}" y="{TOP}" width="{one.width}" height="{BOTTOM}"'
    return f'<rect class="hint" {place}><title>{escape(one.text)}</title></rect>'


def cell(one: Cell) -> str:
    """An hour of a weekday."""
    place = f'x="{one.x}" y="{one.y}" width="{heat.CELL - 2}" height="{heat.ROW - 2}" rx="3"'
    return f'<rect class="shade-{one.shade}" {place}><title>{escape(one.text)}</title></rect>'


def legend(keys: Iterable[str]) -> str:
    """What the colours mean."""
    return f'<ul class="legend">{"".join(keys)}</ul>'


def key(one: Series) -> str:
    """The colour and name of a series."""
    return f"<li>{swatch(f'series-{one.colour}')}<bdi>{escape(one.name)}</bdi></li>"


def swatch(look: str) -> str:
    """A patch of a colour."""
    patch = f'<rect class="{look}" width="10" height="10" rx="2"/>'
    return f'<svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">{patch}</svg>'


def table(sheet: Sheet) -> SafeString:
    """Head and body of a table; the first cell of each row is its name, the others are figures."""
    first, *others = (f"<bdi>{escape(str(one))}</bdi>" for one in sheet.head)
    heads = "".join(f'<th scope="col" class="figure">{one}</th>' for one in others)
    head = f'<thead><tr><th scope="col">{first}</th>{heads}</tr></thead>'
    return mark_safe(f"{head}<tbody>{''.join(map(row, sheet.rows))}</tbody>")  # noqa: S308  every cell was escaped


def row(cells: Row) -> str:
    """One row of it."""
    figures = "".join(f'<td class="figure">{escape(str(one))}</td>' for one in cells[1:])
    return f'<tr><th scope="row">{escape(str(cells[0]))}</th>{figures}</tr>'
