"""The parts of the page: a chart each, the same as a table, and everything as CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from rollups.columns import BUCKETS, STATES, StageName
from rollups.latency import percentile
from web.statistics import reading
from web.statistics.drawing import Chart, Scale, Series, columns, lines
from web.statistics.heat import DAY_NAMES, Grid, grid
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
STAGE_COLOURS = {StageName.INDEX: "4", StageName.DETECT: "1", StageName.PLATES: "2"}
SECONDS = Scale(0.1, 1800, (0.1, 1, 10, 60, 600), logarithmic=True)
TOLD = ("images", "bytes", "visits")
Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Figures as a table: a name for each column, and rows whose first cell is their name."""

    head: Row
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page."""

    slug: str
    title: str
    says: str
    """What the drawing shows, for who does not see it."""
    chart: Chart | Grid | None
    sheet: Sheet
    csv: Sheet
    empty: str = ""
    """What to say where there is nothing to draw."""
    notes: list[str] = field(default_factory=list)


def names_of(asked: Asked) -> list[tuple[str, str]]:
    """The steps, in short and in words."""
    return [(asked.period.short(slot), asked.period.words(slot)) for slot in asked.period.slots()]


def sheets(
    asked: Asked, heads: Sequence[str], values: Sequence[Sequence[object]], say: Callable[..., str]
) -> list[Sheet]:
    """The same figures by step for people, the latest first, and for machines."""
    slots = list(asked.period.slots())
    rows = [[one[number] for one in values] for number in range(len(slots))]
    shown = [[asked.period.words(slot), *map(say, row)] for slot, row in zip(slots, rows, strict=True)]
    told: list[Row] = [[asked.period.stamp(slot), *row] for slot, row in zip(slots, rows, strict=True)]
    step = asked.period.step
    return [Sheet([step.capitalize(), *heads], [*reversed(shown)]), Sheet([step, *heads], told)]


def pictures(asked: Asked, traffic: reading.Table) -> Section:
    """Pictures, their bytes, and visits over time."""
    images, visits = (traffic.of(name) for name in ("images", "visits"))
    total, stored = count(traffic.total("images")), size(traffic.total("bytes"))
    drawn = [Series("Pictures", "1", images), Series("Visits", "2", visits)]
    _, told = sheets(asked, ["pictures", "bytes", "visits"], [whole(traffic.of(one)) for one in TOLD], str)
    shown, _ = sheets(asked, ["Pictures", "Visits"], [images, visits], count)
    return Section(
        "pictures",
        "Pictures and visits",
        f"Pictures and visits by {asked.period.step}. {total} pictures of {stored}; {count(sum(visits))} visits.",
        lines(drawn, names_of(asked), count) if any(images) or any(visits) else None,
        shown,
        told,
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
    shown, _ = sheets(asked, [one.name for one in series], [one.values for one in series], count)
    _, told = sheets(asked, labels, [whole(found.of(one)) for one in labels], str)
    return Section(
        "objects",
        "Objects",
        f"Things found on pictures, by label and {asked.period.step}. "
        + ", ".join(f"{one.name}: {count(sum(v or 0 for v in one.values))}" for one in series),
        columns(series, names_of(asked), count) if series else None,
        shown,
        told,
        "Nothing was found on the pictures of these days.",
    )


def visits(asked: Asked) -> Section:
    """How many visits an hour of the week has, in the mean."""
    found, days, looked = reading.heat(asked)
    means = {(day, hour): found[day, hour] / days[day] for day in range(7) if days[day] for hour in range(24)}
    busiest = max(means, key=lambda one: means[one], default=(0, 0))
    hours = [f"{hour:02}" for hour in range(24)]
    week = [day for day in range(7) if days[day]]
    says = f"Mean number of visits in each hour of the week. Most: {DAY_NAMES[busiest[0]]} {busiest[1]:02}:00"
    cut = looked.days < asked.period.days and looked.first > asked.period.first
    return Section(
        "visits",
        "Visits by hour and weekday",
        f"{says}, {means.get(busiest, 0):.1f}.",
        grid(means) if found else None,
        Sheet(
            ["Weekday", *hours], [[DAY_NAMES[day], *(f"{means[day, hour]:.1f}" for hour in range(24))] for day in week]
        ),
        Sheet(
            ["weekday", "hour", "visits", "days"],
            [[DAY_NAMES[day], hour, found[day, hour], days[day]] for day in week for hour in range(24)],
        ),
        "No visit began on these days.",
        [f"Of the last {looked.days} days of these."] if cut else [],
    )


def plates(asked: Asked, traffic: reading.Table) -> Section:
    """Vehicles by what is known of their plates."""
    series = [Series(STATE_NAMES[one], STATE_COLOURS[one], traffic.of(one)) for one in STATES]
    shown, _ = sheets(asked, [one.name for one in series], [one.values for one in series], count)
    _, told = sheets(asked, [one.name for one in series], [whole(one.values) for one in series], str)
    totals = [f"{STATE_NAMES[one]}: {count(traffic.total(one))}" for one in STATES]
    present = [one for one in series if any(one.values)]
    return Section(
        "plates",
        "Licence plates",
        f"Vehicles by {asked.period.step}, by the list that their plate is on. {', '.join(totals)}",
        columns(present, names_of(asked), count) if present else None,
        shown,
        told,
        "No vehicle was seen on these days. Cameras read plates where their settings say so.",
    )


def throughput(asked: Asked, work: dict[str, reading.Table]) -> Section:
    """Pictures that each stage looked at."""
    series = [
        Series(stage.label, STAGE_COLOURS[stage], work[stage].of("done") if stage in work else [])
        for stage in StageName
        if stage in work
    ]
    ends = ("done", "failed", "skipped", "waiting")
    heads = [f"{stage.value} {name}" for stage in StageName for name in ends]
    empty = reading.Table(len(asked.period.slots()))
    values = [whole(work.get(stage, empty).of(name)) for stage in StageName for name in ends]
    _, told = sheets(asked, heads, values, str)
    totals: list[Row] = [
        [stage.label, *(count(work.get(stage, empty).total(name)) for name in ends)] for stage in StageName
    ]
    return Section(
        "pipeline",
        "Pictures looked at",
        f"Pictures that each stage of the pipeline looked at, by the {asked.period.step} in which they were received.",
        lines(series, names_of(asked), count) if series else None,
        Sheet(["Stage", "Looked at", "Failed", "Not wanted", "Waiting"], totals),
        told,
        "No picture came on these days.",
    )


def latency(asked: Asked, work: dict[str, reading.Table]) -> Section:
    """How long pictures waited for each stage and its work: what 95 in 100 stayed below."""
    slots = range(len(asked.period.slots()))
    series: list[Series] = []
    told: list[list[float | None]] = []
    totals: list[Row] = []
    for stage in (one for one in StageName if one in work):
        table = work[stage]
        by_slot = [[table.of(name)[slot] for name in BUCKETS] for slot in slots]
        series.append(Series(stage.label, STAGE_COLOURS[stage], [percentile(one, 0.95) for one in by_slot]))
        told += [[percentile(one, share) for one in by_slot] for share in (0.5, 0.95)]
        whole_time = [table.total(name) for name in BUCKETS]
        mean = table.total("work_ms") / table.total("done") / 1000 if table.total("done") else None
        work_time = seconds(mean) if stage != StageName.INDEX else "–"
        totals.append([stage.label, *(seconds(percentile(whole_time, share)) for share in (0.5, 0.95)), work_time])
    heads = [f"{one.name} {share} (s)" for one in series for share in ("p50", "p95")]
    _, csv = sheets(asked, heads, [[round_or_none(value) for value in one] for one in told], str)
    known = any(value is not None for one in series for value in one.values)
    return Section(
        "latency",
        "Latency",
        f"Time within which 95 in 100 pictures were through each stage, by {asked.period.step}.",
        lines(series, names_of(asked), seconds, SECONDS) if known else None,
        Sheet(["Stage", "Half within", "95% within", "Work, mean"], totals),
        csv,
        "No picture came on these days.",
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


def count(number: float | None) -> str:
    """A count as people read it."""
    return f"{int(number or 0):,}"


def whole(numbers: Sequence[float | None]) -> list[int]:
    """Counts as whole numbers."""
    return [int(one or 0) for one in numbers]


def seconds(number: float | None) -> str:
    """A time as people say it, in the unit that suits it."""
    if number is None:
        return "–"
    if number < 1:
        return f"{round(number * 1000)} ms"
    if number < 60:
        return f"{number:.1f}".removesuffix(".0") + " s"
    return f"{number / 60:.1f}".removesuffix(".0") + " min" + (" or more" if number >= 1800 else "")


def round_or_none(number: float | None) -> object:
    """Seconds to the millisecond; nothing where it is not known."""
    return "" if number is None else round(number, 3)


def size(number: float) -> str:
    """Bytes as people read them."""
    return str(filesizeformat(number))
