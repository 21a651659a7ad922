"""Rules: the list, the editor, trying one against the past week, snoozing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from alerts import arming, describing, ready_made
from alerts.due import look_soon
from alerts.models import Channel, Rule, Snooze
from alerts.trying import Tried, try_rule
from web.alert_rules import Editor
from web.permissions import may_change_rules
from web.views.alerts import tabs

HOURS = {"1": "1 hour", "8": "8 hours", "24": "1 day", "168": "1 week"}


def allowed(request: HttpRequest) -> User:
    """Who changes rules, once it is clear that they may."""
    if not isinstance(request.user, User) or not may_change_rules(request.user):
        raise PermissionDenied
    return request.user


@require_safe
@cache_control(private=True)
def rules(request: HttpRequest) -> HttpResponse:
    """All rules in sentences, with their snoozes, and those to begin with."""
    allowed(request)
    called = describing.names()
    rows_now = Snooze.objects.filter(until__gt=timezone.now(), camera=None)
    snoozes: dict[int | None, datetime] = {one.rule_id: one.until for one in rows_now}
    rows = [
        (rule, describing.when(rule, called), describing.only_if(rule), snoozes.get(rule.pk))
        for rule in Rule.objects.prefetch_related("channels")
    ]
    context = {
        "tabs": tabs(request, "web:alert_rules"),
        "rows": rows,
        "ready_made": ready_made.left(),
        "all_snoozed": snoozes.get(None),
        "hours": HOURS.items(),
        "channels": Channel.objects.exists(),
    }
    return render(request, "web/pages/alert_rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True)
def new(request: HttpRequest) -> HttpResponse:
    """A new rule."""
    allowed(request)
    return edited(request, Rule(conditions=[{"kind": "visit", "labels": ["person"]}]))


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True)
def rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """One rule."""
    allowed(request)
    return edited(request, get_object_or_404(Rule, pk=rule_id))


def edited(request: HttpRequest, row: Rule) -> HttpResponse:
    """The editor, or the list once the rule is saved."""
    title = row.name
    editor = Editor(row, request.POST if request.method == "POST" else None)
    tried: Tried | None = None
    if editor.pressed == "try" and editor.is_valid():
        tried = try_rule(editor.rule)
    elif editor.pressed == "save" and editor.is_valid():
        with transaction.atomic():
            saved = editor.form.save()
            look_soon(saved)
        messages.success(request, f"“{saved.name}” is saved.")
        return redirect("web:alert_rules")
    refused = editor.pressed in ("save", "try") and tried is None
    context = {
        "editor": editor,
        "row": row,
        "title": title,
        "tried": tried,
        "refused": refused,
        "channels": Channel.objects.exists(),
    }
    return render(request, "web/pages/alert_rule.html", context)


@require_POST
def delete(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Delete a rule; what it told stays."""
    allowed(request)
    row = get_object_or_404(Rule, pk=rule_id)
    row.delete()
    messages.success(request, f"“{row.name}” is deleted. Its messages stay.")
    return redirect("web:alert_rules")


@require_POST
def switch(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Take a rule into use, or out of it."""
    allowed(request)
    row = get_object_or_404(Rule, pk=rule_id)
    row.enabled = not row.enabled
    row.save(update_fields=["enabled", "changed_at"])
    messages.success(request, f"“{row.name}” is {'in use' if row.enabled else 'switched off'}.")
    return redirect("web:alert_rules")


@require_POST
def snooze(request: HttpRequest) -> HttpResponse:
    """No messages of a rule, or of any, for some hours; or the end of that."""
    by = allowed(request)
    number, hours = request.POST.get("rule", ""), request.POST.get("hours", "")
    row = get_object_or_404(Rule, pk=number) if number.isdecimal() else None
    if hours in HOURS:
        arming.snooze(timedelta(hours=int(hours)), by, rule=row)
        messages.success(request, f"{row.name if row else 'Every rule'} is quiet for {HOURS[hours]}.")
    else:
        arming.wake(rule=row)
        messages.success(request, f"{row.name if row else 'Every rule'} tells again.")
    return redirect("web:alert_rules")


@require_POST
def add_ready_made(request: HttpRequest, slug: str) -> HttpResponse:
    """Add one of the rules to begin with."""
    allowed(request)
    row = ready_made.add(slug)
    if row is None:
        messages.error(request, f"There is no rule “{slug}” to begin with.")
    else:
        messages.success(request, f"“{row.name}” is added and in use.")
    return redirect("web:alert_rules")
