"""Prometheus text, for who has the token, and for staff."""

from __future__ import annotations

import logging
import secrets

from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import choose_encoder

import environment
from web.metrics.registry import REGISTRY

log = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All metrics but those of the receiver, which tells its own; 401 without the token of METRICS_TOKEN."""
    if not (has_token(request) or is_staff(request)):
        text = "Metrics want the token of METRICS_TOKEN or DATA_DIR/metrics_token: Authorization: Bearer TOKEN\n"
        return HttpResponse(text, status=401, headers={"WWW-Authenticate": "Bearer"}, content_type="text/plain")
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(REGISTRY), content_type=content_type)


def has_token(request: HttpRequest) -> bool:
    """Whether the request shows the token; needs no database, so that an outage of it can be seen."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    token = environment.metrics_token(environment.current())
    return scheme.lower() == "bearer" and secrets.compare_digest(given.strip().encode(), token.encode())


def is_staff(request: HttpRequest) -> bool:
    """Whether somebody of the staff looks at it in a browser."""
    try:
        return request.user.is_authenticated and request.user.is_staff
    except Error as problem:
        log.warning("who asks for metrics cannot be told: %s", problem)
        return False
