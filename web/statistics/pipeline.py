"""How the pipeline fares: what each stage looked at, and how long pictures waited for it."""

from __future__ import annotations

from rollups.columns import BUCKETS, StageName
from rollups.latency import percentile
from web.statistics import reading
from web.statistics.drawing import Scale, Series, lines
from web.statistics.parts import Row, Section, Sheet, count, names_of, sheets, so_far, whole
from web.statistics.reading import Asked

STAGE_COLOURS = {StageName.INDEX: "4", StageName.DETECT: "1", StageName.PLATES: "2"}
SECONDS = Scale(0.1, 1800, (0.1, 1, 10, 60, 600), logarithmic=True)


def throughput(asked: Asked, work: dict[str, reading.Table]) -> Section:
    """Pictures that each stage looked at."""
    series = [
        Series(stage.label, STAGE_COLOURS[stage], so_far(asked, work[stage].of("done")))
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
