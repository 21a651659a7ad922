"""Where Flower, the task monitor, can be opened from the browser at hand."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.http import HttpRequest

import environment
from host_names import bracketed

register = template.Library()


@register.inclusion_tag("admin/task_monitor.html", takes_context=True)
def task_monitor(context: dict[str, Any]) -> dict[str, object]:
    """The link to Flower, or where it is reachable when this browser cannot reach it, and how to log in."""
    env = environment.current()
    host, port = env.flower_address
    return {
        "link": link(context["request"], host, port),
        "address": f"http://{bracketed(host)}:{port}",
        "password_file": env.data_dir / "flower_password",
    }


def link(request: HttpRequest, host: str, port: int) -> str:
    """An address of Flower that works in the browser that asked, or nothing.

    Where Flower listens on loopback only, that is a browser that opened this page by a name of loopback.
    """
    asked = urlsplit(f"//{request.get_host()}").hostname or ""
    if host in {"0.0.0.0", "::", "*"}:  # noqa: S104
        host = asked
    elif is_loopback(host) and not is_loopback(asked):
        return ""
    return f"http://{bracketed(host)}:{port}"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
