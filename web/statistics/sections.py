"""The parts of the page about what cameras sent: a chart each, the same as a table, and everything as CSV."""

from __future__ import annotations

from django.utils import timezone

from rollups.columns import STATES
from web.statistics import reading
from web.statistics.drawing import Series, columns, lines
from web.statistics.heat import DAY_NAMES, grid
from web.statistics.parts import Row, Section, Sheet, count, shown, size, so_far, told, whole
from web.statistics.reading import Asked
from web.statistics.storage import rate

MOST_LABELS = 5
STATE_NAMES = {
    "known": "Known",
    "watch": "Watch",
    "ignore": "Ignore",
    "unknown": "Unknown",
    "unread": "No sure plate",
}
STATE_COLOURS = {"known": "1", "watch": "2", "ignore": "rest", "unknown": "4", "unread": "3"}
TOLD = {"images": "pictures", "bytes": "bytes", "visits": "visits"}


def pictures(asked: Asked, traffic: reading.Table) -> Section:
    """Pictures, their bytes, and visits over time."""
    images, visits = (traffic.of(name) for name in ("images", "visits"))
    total, stored = count(traffic.total("images")), size(traffic.total("bytes"))
    drawn = [Series("Pictures", "1", so_far(asked, images)), Series("Visits", "2", so_far(asked, visits))]
    return Section(
        "pictures",
        "Pictures and visits",
        f"Pictures and visits by {asked.period.step}. {total} pictures of {stored}; {count(sum(visits))} visits.",
        lines(drawn, asked.period.names, count) if any(images) or any(visits) else None,
        shown(asked, ["Pictures", "Visits"], [images, visits], count),
        lambda: told(asked, list(TOLD.values()), [whole(traffic.of(one)) for one in TOLD]),
        "No picture came on these days.",
    )


def objects(asked: Asked) -> Section:
    """Things by label over time; the less frequent ones together."""
    found = reading.things(asked)
    labels = list(found.figures)
    series = [Series(one, str(number), found.of(one)) for number, one in enumerate(labels[:MOST_LABELS], 1)]
    if rest := labels[MOST_LABELS:]:
        summed = [sum(found.of(label)[slot] for label in rest) for slot in range(found.slots)]
        series.append(Series("others", "rest", summed))
    return Section(
        "objects",
        "Objects",
        f"Things found on pictures, by label and {asked.period.step}. "
        + ", ".join(f"{one.name}: {count(sum(v or 0 for v in one.values))}" for one in series),
        columns(series, asked.period.names, count) if series else None,
        shown(asked, [one.name for one in series], [one.values for one in series], count),
        lambda: told(asked, labels, [whole(found.of(one)) for one in labels]),
        "Nothing was found on the pictures of these days.",
    )


def visits(asked: Asked) -> Section:
    """How many visits an hour of the week has, in the mean."""
    found, days = reading.heat(asked)
    means = {(day, hour): found[day, hour] / days[day] for day in range(7) if days[day] for hour in range(24)}
    busiest = max(means, key=lambda one: means[one], default=(0, 0))
    hours = [f"{hour:02}" for hour in range(24)]
    week = [day for day in range(7) if days[day]]
    says = f"Mean number of visits in each hour of the week. Most: {DAY_NAMES[busiest[0]]} {busiest[1]:02}:00"
    return Section(
        "visits",
        "Visits by hour and weekday",
        f"{says}, {means.get(busiest, 0):.1f}.",
        grid(means) if found else None,
        Sheet(
            ["Weekday", *hours], [[DAY_NAMES[day], *(f"{means[day, hour]:.1f}" for hour in range(24))] for day in week]
        ),
        lambda: Sheet(
            ["weekday", "hour", "visits", "days"],
            [[DAY_NAMES[day], hour, found[day, hour], days[day]] for day in week for hour in range(24)],
        ),
        "No visit began on these days.",
    )


def plates(asked: Asked, traffic: reading.Table) -> Section:
    """Vehicles by what is known of their plates."""
    series = [Series(STATE_NAMES[one], STATE_COLOURS[one], traffic.of(one)) for one in STATES]
    totals = [f"{STATE_NAMES[one]}: {count(traffic.total(one))}" for one in STATES]
    present = [one for one in series if any(one.values)]
    return Section(
        "plates",
        "Licence plates",
        f"Vehicles by {asked.period.step}, by the list that their plate is on. {', '.join(totals)}",
        columns(present, asked.period.names, count) if present else None,
        shown(asked, [one.name for one in series], [one.values for one in series], count),
        lambda: told(asked, [one.name for one in series], [whole(one.values) for one in series]),
        "No vehicle was seen on these days. Cameras read plates where their settings say so.",
    )


def camera_sheets(asked: Asked) -> tuple[list[reading.CameraFigures], Sheet]:
    """The busiest cameras, and the same as CSV."""
    found = reading.busiest(asked)
    rows: list[Row] = [[str(one.camera), one.images, one.visits, one.vehicles] for one in found]
    return found, Sheet(["camera", "pictures", "visits", "vehicles"], rows)


def storage_sheets(asked: Asked) -> tuple[list[reading.Stored], Sheet]:
    """What is stored of each camera, and the same as CSV."""
    found, today = reading.stored(asked), timezone.localdate()
    rows: list[Row] = [
        [str(one.camera), one.images, one.bytes, round(rate(one, today)), one.since.isoformat()] for one in found
    ]
    return found, Sheet(["camera", "pictures", "bytes", "bytes a day", "since"], rows)
