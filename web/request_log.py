"""One log line for each request, and the image that it is about on every line of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

import logs
from web.metrics import requests

log = logging.getLogger("web.request")
QUIET = ("/healthz", "/readyz", "/metrics", "/favicon.ico", "/live/")


class RequestLog:
    """Says what was asked for, without the query string: it may hold what is secret, as may cookies and forms."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then say so."""
        started = time.perf_counter()
        with logs.bound():
            response = self._get_response(request)
            spent = time.perf_counter() - started
            write_line(request, response.status_code, round(spent * 1000, 1))
            requests.count(request, response.status_code, spent)
        return response

    def process_view(self, _request: HttpRequest, _view: object, _arguments: object, found: dict[str, Any]) -> None:
        """Tie the lines of this request to the image in its address."""
        if isinstance(found.get("image_id"), int):
            logs.bind(image=found["image_id"])


def write_line(request: HttpRequest, status: int, spent: float) -> None:
    """The line of one request; what browsers and monitors fetch by themselves counts as detail while it works."""
    path = request.path
    quiet = status < 500 and path.startswith((*QUIET, f"/{settings.STATIC_URL.strip('/')}/"))
    facts = {"method": request.method, "path": path, "status": status, "ms": spent, "user_id": user_id(request)}
    text = f"{request.method} {path} {status} {spent:.0f} ms user {facts['user_id'] or '-'}"
    log.log(logging.DEBUG if quiet else logging.INFO, "%s", text, extra=facts)


def user_id(request: HttpRequest) -> int | None:
    """Who asked, where that is known already: a log line is no reason to ask the database."""
    user = request.__dict__.get("_cached_user")
    return None if user is None else user.pk
