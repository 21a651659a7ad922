"""Requests by view and status, counted by `web.request_log`."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from prometheus_client import Histogram

METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
SECONDS = Histogram(
    "librarian_http_request_duration_seconds",
    "Time until a request's answer began.",
    ["view", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=None,
)


def count(request: HttpRequest, status: int, seconds: float) -> None:
    """Count an answer; by the name of its view, since of addresses there are as many as pictures."""
    method = request.method if request.method in METHODS else "other"
    SECONDS.labels(view_of(request), method, str(status)).observe(seconds)


def view_of(request: HttpRequest) -> str:
    """The name of the view; `static` for files that belong to the program, `none` where no view has the address."""
    if match := request.resolver_match:
        return match.view_name
    return "static" if request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/") else "none"
