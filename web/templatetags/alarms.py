"""What staff are told on every page while it lasts."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.models import User
from ingest.alarms import standing

register = template.Library()


@register.simple_tag(takes_context=True)
def alarms(context: template.Context) -> SafeString | str:
    """The banner: for staff, and only while something lasts. No query."""
    user = getattr(context.get("request"), "user", None)
    if not isinstance(user, User) or not user.is_staff:
        return ""
    lasting = standing()
    return render_to_string("web/parts/alarms.html", {"alarms": lasting}) if lasting else ""
