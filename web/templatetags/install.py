"""Whether this browser may install the site as an app."""

from __future__ import annotations

from django import template
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.request import split_domain_port

from web.templatetags.task_monitor import is_loopback

register = template.Library()


@register.simple_tag(takes_context=True)
def installable(context: template.Context) -> bool:
    """Browsers install what comes by https, or from their own computer; elsewhere nothing offers it."""
    request = context.get("request")
    if not isinstance(request, HttpRequest):
        return False
    try:
        name = split_domain_port(request.get_host())[0]
    except DisallowedHost:  # the page that says so is of the same frame
        return False
    return request.is_secure() or is_loopback(name.strip("[]"))
