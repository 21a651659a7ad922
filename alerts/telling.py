"""From a rule that is met to a message on its way, or to the reason why there is none."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from alerts import arming
from alerts.channels import can_update
from alerts.judging import Occurred
from alerts.models import Channel, Delivery, DeliveryState, Message, Occasion, Rule
from alerts.only_if import between
from alerts.outbox import send_soon
from alerts.wording import render
from alerts.words import facts_of

log = logging.getLogger(__name__)
TOO_LATE = timedelta(minutes=15)
"""What was received so long ago is history: nobody is woken for it."""
HOUR = timedelta(hours=1)
BETTER = 5
"""Percent that a picture has to be surer of what it shows to be sent instead of another."""


class Outcome(NamedTuple):
    """What became of a rule that is met."""

    code: str
    """`sent`, `joined`, `told`, or the suppression: `late`, `snoozed`, `cooldown`, `cap`, `gone`."""
    reason: str
    message: int | None = None


def tell(rule_id: int, found: Occurred, now: datetime | None = None) -> Outcome:
    """Make the message of an occasion, join it to one that was just sent, or say why not. Once for each occasion."""
    now = now or timezone.now()
    with transaction.atomic():
        rule = Rule.objects.select_for_update().filter(pk=rule_id, enabled=True).first()
        if rule is None:
            return Outcome("gone", "the rule was deleted or switched off meanwhile")
        known = Occasion.objects.filter(rule=rule, key=found.key).select_related("message").first()
        if known:
            changed = improve(rule, known.message, found)
            return Outcome("told", f"told before{', now with more' if changed else ''}", known.message_id)
        outcome = suppressed(rule, found, now)
        if outcome:
            return outcome
        burst = open_burst(rule, found, now)
        message = join(rule, burst, found, now) if burst else begin(rule, found, now)
        Occasion.objects.create(rule=rule, key=found.key, message=message)
    return Outcome("joined" if burst else "sent", "part of a burst" if burst else "told", message.pk)


def suppressed(rule: Rule, found: Occurred, now: datetime) -> Outcome | None:
    """What keeps an occasion of a rule from being told, if anything does; the rule's row is locked."""
    if now - found.at > TOO_LATE:
        return Outcome("late", f"it was known {int((now - found.at).total_seconds() // 60)} minutes too late to matter")
    snooze = arming.snoozed(rule.pk, found.main.camera, now)
    if snooze:
        return Outcome("snoozed", f"snoozed until {timezone.localtime(snooze.until):%H:%M}")
    if open_burst(rule, found, now):
        return None
    waited = cooldown_left(rule, now)
    if waited > timedelta(0):
        return Outcome("cooldown", f"the last message is too recent: {round(waited.total_seconds())} s are left")
    made = Message.objects.filter(rule=rule, created_at__gt=now - HOUR).count() if rule.hourly_cap else 0
    if made and made >= rule.hourly_cap:
        return Outcome("cap", f"{made} messages were made within an hour, which is the most allowed")
    return None


def cooldown_left(rule: Rule, now: datetime) -> timedelta:
    """How long the rule has to be quiet still, counted from the last message sent, or on its way."""
    waiting = Q(sent_at=None, deliveries__state=DeliveryState.WAITING, created_at__gt=now - HOUR)
    rows = Message.objects.filter(rule=rule)
    sent = rows.aggregate(at=Max("sent_at"))["at"]
    made = rows.filter(waiting).aggregate(at=Max("created_at"))["at"]
    last = max(filter(None, (sent, made)), default=None)
    return last + timedelta(seconds=rule.cooldown_seconds) - now if last else timedelta(0)


def open_burst(rule: Rule, found: Occurred, now: datetime) -> Message | None:
    """The message that an occasion joins: of the same camera, and so recent."""
    if not rule.group_seconds:
        return None
    since = now - timedelta(seconds=rule.group_seconds)
    rows = Message.objects.filter(rule=rule, camera=found.main.camera, updated_at__gte=since)
    return rows.order_by("-updated_at").first()


def begin(rule: Rule, found: Occurred, now: datetime) -> Message:
    """A new message with its deliveries."""
    facts = facts_of(rule, found)
    message = Message.objects.create(
        rule=rule,
        rule_name=rule.name,
        camera_id=found.first("camera"),
        visit_id=found.first("visit"),
        event_id=found.first("event"),
        image_id=found.first("image"),
        with_picture=rule.picture,
        text=render(rule.template, facts),
        facts=facts,
        at=found.at,
        updated_at=now,
    )
    channels = list(rule.channels.filter(enabled=True))
    Delivery.objects.bulk_create([delivery(message, one, rule, now) for one in channels])
    send_soon([one.pk for one in channels])
    return message


def delivery(message: Message, channel: Channel, rule: Rule, now: datetime) -> Delivery:
    """A message on a channel, held back in the channel's quiet hours."""
    quiet = not rule.urgent and is_quiet(channel, now)
    state = DeliveryState.QUIET if quiet else DeliveryState.WAITING
    return Delivery(message=message, channel=channel, state=state, next_at=now)


def is_quiet(channel: Channel, now: datetime) -> bool:
    """Whether a channel has its quiet hours, by the site's clock."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    return bool(channel.quiet_from) and between(local.time(), channel.quiet_from, channel.quiet_to)


def join(rule: Rule, message: Message, found: Occurred, now: datetime) -> Message:
    """Have an occasion join a message: one more of a burst, with the better picture of both."""
    Message.objects.filter(pk=message.pk).update(occasions=F("occasions") + 1, updated_at=now)
    message.refresh_from_db(fields=["occasions", "version"])
    improve(rule, message, found)
    return message


def improve(rule: Rule, message: Message, found: Occurred) -> bool:
    """Take over a better picture and what is known more, such as the plate; whether anything changed.

    Channels that can update what they carried do so.
    """
    facts, before = facts_of(rule, found), message.facts
    better = float(facts["score"] or 0) >= float(before.get("score") or 0) + BETTER
    kept = {name: value for name, value in (facts if better else before).items() if value not in ("", None)}
    facts = before | facts | kept
    text = render(rule.template, facts, message.occasions)
    image = found.first("image") if better else message.image_id
    if (text, image or message.image_id) == (message.text, message.image_id):
        return False
    Message.objects.filter(pk=message.pk).update(
        text=text, facts=facts, image_id=image or message.image_id, version=F("version") + 1
    )
    send_again(message)
    return True


def send_again(message: Message) -> None:
    """Have the channels that can update what they carried send the new version; what waits takes it anyway."""
    rows = message.deliveries.filter(state=DeliveryState.SENT).select_related("channel")
    wanted = [one for one in rows if can_update(one.channel.kind)]
    Delivery.objects.filter(pk__in=[one.pk for one in wanted]).update(
        state=DeliveryState.WAITING, attempts=0, next_at=timezone.now()
    )
    send_soon([one.channel_id for one in wanted])
