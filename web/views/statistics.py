"""Statistics: what was counted, drawn, as tables and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

import environment
from cameras.days import midnight
from cameras.models import Camera
from rollups.columns import STATES
from rollups.models import Ledger
from rollups.spans import LATER_THAN_ALL
from web.asked import asked_row, camera_choices
from web.latest import sees_all
from web.site_time import by_site_clock
from web.statistics import pipeline, reading, sections
from web.statistics.parts import Sheet, count, size
from web.statistics.period import Period, asked_period, presets
from web.statistics.reading import Asked
from web.statistics.storage import Forecast, forecast, rate

HALF_HOURS = "Counts are kept by whole hours of UTC; here, each belongs to the hour and day in which it begins."
CSV: dict[str, Callable[[Asked], Sheet]] = {
    "pictures": lambda asked: sections.pictures(asked, reading.traffic(asked)).csv(),
    "objects": lambda asked: sections.objects(asked).csv(),
    "visits": lambda asked: sections.visits(asked).csv(),
    "plates": lambda asked: sections.plates(asked, reading.traffic(asked)).csv(),
    "pipeline": lambda asked: pipeline.throughput(asked, reading.work(asked)).csv(),
    "latency": lambda asked: pipeline.latency(asked, reading.work(asked)).csv(),
    "cameras": lambda asked: sections.camera_sheets(asked)[1],
    "storage": lambda asked: sections.storage_sheets(asked)[1],
}


@require_safe
@cache_control(private=True)
@by_site_clock
def statistics(request: HttpRequest) -> HttpResponse:
    """All charts of some days; filters for these and for a camera."""
    asked = read(request)
    traffic, work = reading.traffic(asked), reading.work(asked)
    busiest, _ = sections.camera_sheets(asked)
    stored, _ = sections.storage_sheets(asked)
    oldest = min((one.since for one in stored), default=None)
    context = {
        "period": asked.period,
        "presets": presets(asked.period, lambda period: address(request, period), oldest),
        "cameras": camera_choices(asked.cameras, asked.camera),
        "camera": asked.camera,
        "today": timezone.localdate().isoformat(),
        "filtered": any(request.GET.get(name) for name in ("camera", "from", "to")),
        "query": query(request, asked.period),
        "figures": figures(traffic),
        "sections": [
            *(sections.pictures(asked, traffic), sections.objects(asked)),
            *(sections.visits(asked), sections.plates(asked, traffic)),
            *(pipeline.throughput(asked, work), pipeline.latency(asked, work)),
        ],
        "busiest": busiest,
        "most_images": max((one.images for one in busiest), default=0) or 1,
        "stored": [(one, rate(one, timezone.localdate())) for one in stored],
        "most_bytes": max((one.bytes for one in stored), default=0) or 1,
        "forecast": forecast_for(asked, stored),
        "anything": bool(stored or busiest),
        "counting": counting(),
        "half_hours": HALF_HOURS if half_hours(asked.period.first) else "",
    }
    return render(request, "web/pages/statistics.html", context)


@require_safe
@cache_control(private=True)
@by_site_clock
def statistics_csv(request: HttpRequest, chart: str) -> HttpResponse:
    """What one chart is drawn from, with the same filters."""
    if chart not in CSV:
        raise Http404(f"no chart {chart!r}")
    asked = read(request)
    sheet = CSV[chart](asked)
    name = f"{chart}-{asked.period.first}-{asked.period.last}.csv"
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerows([harmless(cell) for cell in row] for row in (sheet.head, *sheet.rows))
    return response


def read(request: HttpRequest) -> Asked:
    """What the address asks for; 404 for days that are none, and for cameras that the person may not see."""
    cameras = list(Camera.objects.visible_to(request.user).select_related("node"))
    return Asked(request.user, cameras, asked_period(request), asked_row(request, "camera", cameras))


def harmless(cell: object) -> object:
    """Text that no spreadsheet takes for a formula; cameras and models name things as they like."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def query(request: HttpRequest, period: Period) -> str:
    """The filters as they stand in an address."""
    camera = {"camera": request.GET["camera"]} if request.GET.get("camera") else {}
    return urlencode({"from": period.first.isoformat(), "to": period.last.isoformat()} | camera)


def address(request: HttpRequest, period: Period) -> str:
    """The page for other days."""
    return f"{reverse('web:statistics')}?{query(request, period)}"


def figures(traffic: reading.Table) -> list[dict[str, str]]:
    """The period at a glance."""
    vehicles = sum(traffic.total(name) for name in STATES)
    return [
        {"label": "Pictures", "value": count(traffic.total("images"))},
        {"label": "Stored", "value": size(traffic.total("bytes"))},
        {"label": "Visits", "value": count(traffic.total("visits"))},
        {"label": "Vehicles", "value": count(vehicles)},
    ]


def forecast_for(asked: Asked, stored: Sequence[reading.Stored]) -> Forecast | None:
    """How long the disk lasts; for who sees all cameras and looks at all of them, since they share it."""
    if asked.camera or not sees_all(asked.user):
        return None
    env = environment.current()
    return forecast(stored, settings.DATA_DIR, env.retention_days, timezone.localdate())


def counting() -> date | str:
    """Down to which day counting has come that goes on; nothing where everything is counted."""
    row = Ledger.objects.first()
    if row and (row.finished_at or not row.counted_from):
        return ""
    begun = row and row.counted_from and row.counted_from != LATER_THAN_ALL
    return timezone.localtime(row.counted_from).date() if row and row.counted_from and begun else "now"


def half_hours(day: date) -> bool:
    """Whether the site's clock is off UTC by no whole hours."""
    offset = timezone.localtime(midnight(day)).utcoffset()
    return bool(offset and offset.total_seconds() % 3600)
