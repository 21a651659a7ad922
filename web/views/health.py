"""Whether librarian lives, and whether it works."""

from __future__ import annotations

from typing import Any

import redis
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import broker_url
from ingest import queues
from ingest.receiver_state import receiver_state
from ingest.state import from_broker, outbox_state, queue_state
from ingest.workers import unserved, worker_states


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
    """Readiness: database, broker, receiver and workers work (200) or not (503); the details are for staff."""
    checks: dict[str, Any] = {"database": database_state(), "broker": broker_state()}
    receiver = receiver_state()
    checks["receiver"] = "ok" if receiver["alive"] else not_running(receiver)
    checks["workers"] = workers_state() if checks["broker"] == "ok" else "unknown"
    ready = all(one == "ok" for one in checks.values())
    answer: dict[str, Any] = {"status": "ok" if ready else "not ready"}
    if checks["database"] == "ok" and request.user.is_authenticated and request.user.is_staff:
        answer |= {"checks": checks, "receiver": receiver, "outbox": outbox_state()}
        answer |= {"queues": queue_state(), "queue_ages": from_broker(lambda: queues.snapshot().ages())}
        answer["workers"] = from_broker(worker_states)
    return JsonResponse(answer, status=200 if ready else 503)


def not_running(receiver: dict[str, Any]) -> str:
    """Which of the receivers do not run, where there are several."""
    names = [name for name, one in receiver.get("receivers", {}).items() if not one["alive"]]
    return f"not running: {', '.join(names)}" if names else "not running"


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
        return broker_url.explain(problem)
    return "ok"


def workers_state() -> str:
    """`ok`, or the queues that no living worker serves."""
    nobody = from_broker(unserved)
    if nobody is None:
        return "unknown"
    return f"nobody serves {', '.join(nobody)}" if nobody else "ok"
