"""Whether librarian lives, and whether it works."""

from __future__ import annotations

from typing import Any

import redis
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ingest import queues
from ingest.receiver_state import receiver_state
from ingest.state import outbox_state


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Liveness: this process answers. Open to everyone."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Readiness: database, broker and receiver work (200) or not (503); the details are for staff."""
    checks: dict[str, Any] = {"database": database_state(), "broker": broker_state()}
    receiver = receiver_state()
    checks["receiver"] = "ok" if receiver["alive"] else "not running"
    ready = all(one == "ok" for one in checks.values())
    answer: dict[str, Any] = {"status": "ok" if ready else "not ready"}
    if checks["database"] == "ok" and request.user.is_authenticated and request.user.is_staff:
        answer |= {"checks": checks, "receiver": receiver, "outbox": outbox_state()}
        answer["queues"] = queues.depths() if checks["broker"] == "ok" else None
    return JsonResponse(answer, status=200 if ready else 503)


def database_state() -> str:
    """`ok`, or what the database says."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as problem:
        return str(problem)
    return "ok"


def broker_state() -> str:
    """`ok`, or what the broker says."""
    try:
        queues.client().ping()
    except redis.RedisError as problem:
        return str(problem)
    return "ok"
