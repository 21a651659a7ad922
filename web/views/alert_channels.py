"""Channels: the list, the form, the try-out."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts import sending
from alerts.channels import KINDS
from alerts.models import Channel, DeliveryState
from alerts.outbox import send_soon
from web.alert_forms import ChannelForm
from web.views.alert_rules import allowed
from web.views.alerts import tabs

DEAD, WAITING = Q(deliveries__state=DeliveryState.DEAD), Q(deliveries__state=DeliveryState.WAITING)


@require_safe
@cache_control(private=True)
def channels(request: HttpRequest) -> HttpResponse:
    """All channels with how they are."""
    allowed(request)
    rows = Channel.objects.annotate(
        dead=Count("deliveries", filter=DEAD, distinct=True),
        waiting=Count("deliveries", filter=WAITING, distinct=True),
    )
    found = [(one, KINDS[one.kind].title if one.kind in KINDS else one.kind) for one in rows]
    context = {"tabs": tabs(request, "web:alert_channels"), "rows": found}
    return render(request, "web/pages/alert_channels.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True)
def new(request: HttpRequest) -> HttpResponse:
    """A new channel."""
    allowed(request)
    return edited(request, Channel(kind="apprise"))


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True)
def channel(request: HttpRequest, channel_id: int) -> HttpResponse:
    """One channel."""
    allowed(request)
    return edited(request, get_object_or_404(Channel, pk=channel_id))


def edited(request: HttpRequest, row: Channel) -> HttpResponse:
    """The form, or the list once the channel is saved."""
    title = row.name
    form = ChannelForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        send_soon([saved.pk])
        messages.success(request, f"“{saved.name}” is saved. Try it out to see that it works.")
        return redirect("web:alert_channels")
    return render(request, "web/pages/alert_channel.html", {"form": form, "row": row, "title": title})


@require_POST
def try_out(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Send a word by a channel, and say what became of it."""
    allowed(request)
    row = get_object_or_404(Channel, pk=channel_id)
    trial = sending.try_out(row)
    if trial.ok:
        messages.success(request, f"“{row.name}” works: {trial.answer} in {trial.milliseconds / 1000:.1f} s.")
    else:
        messages.error(request, f"“{row.name}” does not work: {trial.answer}")
    return redirect("web:alert_channels")


@require_POST
def delete(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Delete a channel and what it carried; messages stay."""
    allowed(request)
    row = get_object_or_404(Channel, pk=channel_id)
    row.delete()
    messages.success(request, f"“{row.name}” is deleted.")
    return redirect("web:alert_channels")
