"""The rows of the timeline: cameras, nodes, and what their sensors said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cameras.models import Camera, Event, Node
from web.timeline.drawing import HEIGHT, LINE_HEIGHT, MIDDLE, Lane, columns, line, marks, strip
from web.timeline.reading import BACK, Asked, latest
from web.timeline.seen import Counts, Seen, Series, kinds, sensors_by_node, total

DEGREES = ("C", "F")


def overview(asked: Asked, seen: Seen) -> Lane:
    """All cameras together: pictures step by step."""
    pictures = total(seen.pictures.values(), seen.steps)
    drawn = [columns(pictures, "one", HEIGHT, HEIGHT - 2)]
    return Lane("Pictures", "", count(sum(pictures), "picture"), drawn, **told(picture=pictures))


def camera_lanes(asked: Asked, seen: Seen, chosen: Camera | None) -> tuple[list[Lane], list[Lane]]:
    """A row for each camera, visits above and events below, and those apart that had neither.

    Of a chosen camera there is a row for each kind that it reported.
    """
    if chosen:
        return single_camera(chosen, seen), []
    found = [camera_lane(camera, seen) for camera in asked.cameras]
    return [lane for lane in found if any(lane.told)], [lane for lane in found if not any(lane.told)]


def camera_lane(camera: Camera, seen: Seen) -> Lane:
    """Visits go up, events go down."""
    none = [0] * seen.steps
    visits, reported = seen.visits.get(camera.pk, none), total(kinds(seen, camera.pk).values(), seen.steps)
    said = f"{count(sum(visits), 'visit')}, {count(sum(reported), 'event')}"
    strokes = [columns(visits, "one", MIDDLE, MIDDLE), columns(reported, "two", MIDDLE + 1, MIDDLE - HEIGHT + 1)]
    counts = told(visit=visits, picture=seen.pictures.get(camera.pk, none), event=reported)
    return Lane(str(camera), reverse("web:camera", args=[camera.pk]), said, strokes, camera=camera.pk, **counts)


def single_camera(camera: Camera, seen: Seen) -> list[Lane]:
    """Visits, and each kind of event."""
    found = [counted(camera, "Visits", "visit", seen.visits.get(camera.pk, [0] * seen.steps), "one")]
    for kind, counts in kinds(seen, camera.pk).items():
        found.append(counted(camera, kind or "(no kind)", "event", counts, "two"))
    return found


def counted(camera: Camera, title: str, word: str, counts: Counts, look: str) -> Lane:
    """One thing of a camera, step by step."""
    drawn = [columns(counts, look, HEIGHT, HEIGHT - 2)]
    return Lane(title, "", count(sum(counts), word), drawn, camera=camera.pk, **told(**{word: counts}))


def node_lanes(asked: Asked, seen: Seen) -> list[Lane]:
    """How every node fared: when anything came of it, when it started anew, and since when it is silent."""
    return [node_lane(node, asked, seen) for node in asked.nodes]


def node_lane(node: Node, asked: Asked, seen: Seen) -> Lane:
    """A band while it was heard, a line for each restart, another band while it is silent."""
    none = [0] * seen.steps
    heard, restarts = seen.heard.get(node.pk, none), seen.restarts.get(node.pk, none)
    silent = silent_steps(node, asked, seen)
    facts = [count(sum(heard), "message")]
    if sum(restarts):
        facts.append(count(sum(restarts), "restart"))
    if node.silent_since:
        facts.append("silent now")
    strokes = [strip([bool(one) for one in heard], "heard", 12, 16), strip(silent, "silent", 12, 16)]
    said = ", ".join(facts)
    strokes.append(marks(restarts, "restart", HEIGHT))
    counts = told(message=heard, restart=restarts)
    counts["told"] = [
        "silent" if gone and not text else text for text, gone in zip(counts["told"], silent, strict=True)
    ]
    return Lane(str(node), reverse("web:node", args=[node.pk]), said, strokes, **counts)


def silent_steps(node: Node, asked: Asked, seen: Seen) -> list[bool]:
    """The steps of a node's silences: up to when it was back, since it was last heard, and the one that goes on."""
    none = [0] * seen.steps
    heard, back = seen.heard.get(node.pk, none), seen.noted.get((node.pk, BACK), none)
    found, silent = [False] * seen.steps, False
    for step in reversed(range(seen.steps)):
        silent = (silent or bool(back[step])) and not (heard[step] and not back[step])
        found[step] = silent and not heard[step]
    if node.silent_since:
        first, last = asked.stretch.number(node.silent_since), asked.stretch.number(timezone.now())
        found = [one or first <= step <= last for step, one in enumerate(found)]
    return found


def sensor_lanes(asked: Asked, seen: Seen) -> list[tuple[Node, list[Lane]]]:
    """The sensors of every node, each on a scale of its own. Two queries, for what they said last."""
    by_node = sensors_by_node(seen)
    newest = latest(asked, seen)
    return [
        (node, [sensor_lane(*one, newest.get((node.pk, *one[:2]))) for one in by_node[node.pk]])
        for node in asked.nodes
        if node.pk in by_node
    ]


def sensor_lane(kind: str, unit: str, series: Series, newest: Event | None) -> Lane:
    """The means of every step as a line; lowest and highest are single readings."""
    named = f"°{unit}" if unit in DEGREES else unit
    low, high = value(series.low, named), value(series.high, named)
    facts = [("Lowest", low), ("Highest", high)]
    if newest and newest.number is not None:
        local = timezone.localtime(newest.at)
        today = local.date() == timezone.localdate()
        facts.append(("Now" if today else "Last", f"{value(newest.number, named)}, {local:%H:%M}"))
    said = f"{kind or 'Readings'} between {low} and {high}"
    means = series.means
    drawn = [line(means, series.low, series.high)]
    words = ["" if one is None else value(one, named) for one in means]
    return Lane(kind or "(no kind)", "", said, drawn, LINE_HEIGHT, low, high, facts, words)


def value(number: float, unit: str) -> str:
    """A reading with its unit; as exact as sensors are."""
    return f"{number:,.1f}".removesuffix(".0") + (f" {unit}" if unit else "")


def count(number: int, word: str) -> str:
    """So many of something."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def told(**counts: Counts) -> dict[str, Any]:
    """What a lane tells of its steps: how many of each thing there are; the script makes words of it."""
    steps = zip(*counts.values(), strict=True)
    return {"told": [",".join(map(str, step)) if any(step) else "" for step in steps], "things": tuple(counts)}


def table(seen: Seen, words: Sequence[str]) -> list[tuple[int, str, Sequence[int]]]:
    """Every step in which anything was, the latest first: its number, words, and pictures, visits and events."""
    sums: list[Counts] = [total(one.values(), seen.steps) for one in (seen.pictures, seen.visits, seen.events)]
    rows = ((step, words[step], [one[step] for one in sums]) for step in reversed(range(seen.steps)))
    return [row for row in rows if any(row[2])]
