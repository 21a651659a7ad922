"""How the pipeline fares: what each stage looked at, and how long pictures waited for it."""

from __future__ import annotations

from rollups.columns import BUCKETS, StageName
from rollups.latency import percentile
from web.statistics import reading
from web.statistics.drawing import Scale, Series, lines
from web.statistics.parts import Row, Section, Sheet, count, so_far, told, whole
from web.statistics.reading import Asked

STAGE_COLOURS = {StageName.INDEX: "4", StageName.DETECT: "1", StageName.PLATES: "2"}
ENDS = ("done", "failed", "skipped", "waiting")
SHARES = {"p50": 0.5, "p95": 0.95}
SECONDS = Scale(0.1, 1800, (0.1, 1, 10, 60, 600), logarithmic=True)


def throughput(asked: Asked, work: dict[str, reading.Table]) -> Section:
    """Pictures that each stage looked at."""
    series = [
        Series(stage.label, STAGE_COLOURS[stage], so_far(asked, work[stage].of("done")))
        for stage in StageName
        if stage in work
    ]
    empty = reading.Table(len(asked.period.slots))
    sums: list[Row] = [
        [stage.label, *(count(work.get(stage, empty).total(name)) for name in ENDS)] for stage in StageName
    ]
    heads = [f"{stage.value} {name}" for stage in StageName for name in ENDS]
    return Section(
        "pipeline",
        "Pictures looked at",
        f"Pictures that each stage of the pipeline looked at, by the {asked.period.step} in which they were received.",
        lines(series, asked.period.names, count) if series else None,
        Sheet(["Stage", "Looked at", "Failed", "Not wanted", "Waiting"], sums),
        lambda: told(asked, heads, [whole(work.get(stage, empty).of(name)) for stage in StageName for name in ENDS]),
        "No picture came on these days.",
    )


def latency(asked: Asked, work: dict[str, reading.Table]) -> Section:
    """How long pictures waited for each stage and its work: what 95 in 100 stayed below."""
    stages = {stage: waits(work[stage]) for stage in StageName if stage in work}
    within = {stage: [percentile(one, 0.95) for one in found] for stage, found in stages.items()}
    series = [Series(stage.label, STAGE_COLOURS[stage], found) for stage, found in within.items()]
    known = any(value is not None for one in series for value in one.values)
    return Section(
        "latency",
        "Latency",
        f"Time within which 95 in 100 pictures were through each stage, by {asked.period.step}.",
        lines(series, asked.period.names, seconds, SECONDS) if known else None,
        Sheet(["Stage", "Half within", "95% within", "Work, mean"], [totals(stage, work[stage]) for stage in stages]),
        lambda: latencies(asked, stages),
        "No picture came on these days.",
    )


def waits(table: reading.Table) -> list[list[float]]:
    """Step by step, how many pictures fell into each bucket of waiting."""
    return [list(step) for step in zip(*(table.of(name) for name in BUCKETS), strict=True)]


def totals(stage: StageName, table: reading.Table) -> Row:
    """A stage's latencies over all steps."""
    found = [table.total(name) for name in BUCKETS]
    mean = table.total("work_ms") / table.total("done") / 1000 if table.total("done") else None
    work_time = seconds(mean) if stage != StageName.INDEX else "–"
    return [stage.label, *(seconds(percentile(found, share)) for share in SHARES.values()), work_time]


def latencies(asked: Asked, stages: dict[StageName, list[list[float]]]) -> Sheet:
    """Step by step what half and 95 in 100 stayed below, for machines."""
    heads = [f"{stage.label} {name} (s)" for stage in stages for name in SHARES]
    values = [
        [round_or_none(percentile(one, share)) for one in found]
        for found in stages.values()
        for share in SHARES.values()
    ]
    return told(asked, heads, values)


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
