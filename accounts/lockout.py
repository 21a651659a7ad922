"""After too many wrong passwords: who is counted as one, and the page that says how long to wait."""

from __future__ import annotations

import ipaddress
import math
from typing import Any

from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache


def client_address(request: HttpRequest) -> str:
    """Whom wrong passwords are counted against: an IPv4 address, or the network that one household has of IPv6."""
    given = str(request.META.get("REMOTE_ADDR", ""))
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return "0.0.0.0"  # noqa: S104  a socket without addresses: all are one
    if isinstance(address, ipaddress.IPv6Address) and not address.ipv4_mapped:
        return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
    return given


@never_cache
def locked_out(
    request: HttpRequest, _response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Too many wrong passwords for this name from this address (429): how long to wait and what else to do."""
    seconds = waiting_seconds(request, get_client_username(request, credentials))
    response = render(request, "web/account/locked_out.html", {"minutes": math.ceil(seconds / 60)}, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def waiting_seconds(request: HttpRequest, username: str | None) -> int:
    """How long this name stays locked for whoever asks from there; at least one."""
    attempts = AccessAttempt.objects.filter(username=username, ip_address=client_address(request))
    last = attempts.aggregate(last=Max("attempt_time"))["last"]
    pause = get_cool_off(request)
    if last is None or pause is None:
        return 1
    left: float = (last + pause - timezone.now()).total_seconds()
    return max(1, math.ceil(left))


def unlock(username: str) -> int:
    """Forget the wrong passwords for this name, from wherever they came; how many addresses those were."""
    return int(reset(username=username))
