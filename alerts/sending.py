"""Sending what waits for a channel: one worker at a time for each, one message after the other.

What waits is rows, not messages of the broker: a channel that is dead has any number of them and takes one attempt now
and then, however many there are.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

import environment
from alerts.channels import KINDS, Answer, Outgoing, can_update
from alerts.models import Channel, Delivery, DeliveryState, Message
from alerts.outbox import send_now
from alerts.secrets import UnreadableSecretError, decrypt

log = logging.getLogger(__name__)

SLICE_SECONDS = 20.0
LEASE = timedelta(seconds=70)
"""Longer than a task may take: who was killed while sending gives the channel back so late."""
PAUSES = (5, 20, 60, 300, 900, 1800, 3600)
"""Seconds until a channel that failed, and what it failed with, are tried again: after one failure, after two…"""
MOST_ATTEMPTS = 8
"""About three hours."""
GIVE_UP = timedelta(hours=24)
WITHOUT_PICTURE = 3
"""After so many failures a message goes without its picture: it may be what the other side refuses."""


def send_by(channel_id: int, seconds: float = SLICE_SECONDS) -> int:
    """Send what waits for a channel, for so long at most; how many were sent. Safe to kill and run again."""
    if not lease(channel_id):
        return 0
    deadline, sent = time.monotonic() + seconds, 0
    try:
        while time.monotonic() < deadline and (one := next_due(channel_id)):
            if not send(one):
                break
            sent += 1
    finally:
        Channel.objects.filter(pk=channel_id).update(lease_until=None)
    if next_due(channel_id):
        send_now(channel_id)
    return sent


def lease(channel_id: int) -> bool:
    """Take a channel for this worker, unless another has it."""
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return bool(Channel.objects.filter(free, pk=channel_id).update(lease_until=now + LEASE))


def next_due(channel_id: int) -> Delivery | None:
    """What is to be sent next by a channel that is in use and not left alone after a failure."""
    now = timezone.now()
    ready = Q(channel__next_try_at=None) | Q(channel__next_try_at__lte=now)
    rows = Delivery.objects.filter(ready, channel=channel_id, state=DeliveryState.WAITING, next_at__lte=now)
    rows = rows.filter(channel__enabled=True).select_related("channel", "message__image", "message__rule")
    return rows.order_by("next_at", "pk").first()


def send(one: Delivery) -> bool:
    """Try to send one message; whether its channel took it."""
    now = timezone.now()
    if now - one.message.created_at > GIVE_UP and one.sent_version == 0:
        return bury_old(one.channel, now)
    Delivery.objects.filter(pk=one.pk).update(begun_at=now, attempts=F("attempts") + 1)
    Channel.objects.filter(pk=one.channel_id).update(lease_until=now + LEASE)
    begun = time.monotonic()
    answer = carry(one)
    took = (time.monotonic() - begun) * 1000
    if answer.ok:
        note_sent(one, answer, took)
    else:
        note_failed(one, answer, took)
    return answer.ok


def carry(one: Delivery) -> Answer:
    """Have the channel carry the message."""
    kind = KINDS.get(one.channel.kind)
    if kind is None:
        return Answer(False, f"there is no kind of channel {one.channel.kind!r} any more")
    try:
        address = decrypt(one.channel.secret)
    except UnreadableSecretError as problem:
        return Answer(False, str(problem))
    try:
        return kind.send(address, outgoing(one.message, with_picture=one.attempts < WITHOUT_PICTURE))
    except Exception as problem:
        log.warning("channel %s failed", one.channel.name, exc_info=True)
        return Answer(False, f"{type(problem).__name__}: {problem}")


def outgoing(message: Message, *, with_picture: bool = True) -> Outgoing:
    """A message as channels get it."""
    image = message.image if message.with_picture and with_picture else None
    title = message.rule_name or "librarian"
    picture = image.file if image and image.file.is_file() else None
    return Outgoing(message.pk, message.version, title, message.text, picture, page_of(message))


def page_of(message: Message) -> str:
    """The address of what a message is about, where SITE_URL says how people reach the site."""
    site = environment.current().site_url
    try:
        path = reverse("web:visit", args=[message.visit_id]) if message.visit_id else reverse("web:alerts")
    except NoReverseMatch:
        path = ""
    return f"{site.rstrip('/')}{path}" if site and path else ""


def note_sent(one: Delivery, answer: Answer, took: float) -> None:
    """A channel took a message."""
    now = timezone.now()
    Delivery.objects.filter(pk=one.pk).update(
        state=DeliveryState.SENT,
        sent_at=now,
        sent_version=one.message.version,
        milliseconds=round(took, 1),
        answer=answer.text[:255],
    )
    if can_update(one.channel.kind):  # it changed while the channel had it
        changed = Delivery.objects.filter(pk=one.pk, message__version__gt=one.message.version)
        changed.update(state=DeliveryState.WAITING, attempts=0, next_at=now)
    Message.objects.filter(pk=one.message_id, sent_at=None).update(sent_at=now)
    Channel.objects.filter(pk=one.channel_id).update(failures=0, next_try_at=None, worked_at=now, problem="")


def note_failed(one: Delivery, answer: Answer, took: float) -> None:
    """A channel did not take a message: both are tried again later, the message so often at most."""
    now, attempts = timezone.now(), one.attempts + 1
    dead = attempts >= MOST_ATTEMPTS
    Delivery.objects.filter(pk=one.pk).update(
        state=DeliveryState.DEAD if dead else DeliveryState.WAITING,
        next_at=now + pause(attempts),
        milliseconds=round(took, 1),
        answer=answer.text[:255],
    )
    failures = one.channel.failures + 1
    Channel.objects.filter(pk=one.channel_id).update(
        failures=failures, next_try_at=now + pause(failures), problem=answer.text[:255]
    )
    log.warning("channel %s failed %d times: %s", one.channel.name, failures, answer.text)


def pause(failures: int) -> timedelta:
    """How long to wait after so many failures."""
    return timedelta(seconds=PAUSES[min(failures, len(PAUSES)) - 1])


def bury_old(channel: Channel, now: datetime) -> bool:
    """Give up what a channel has not taken for a day; others have their turn."""
    rows = Delivery.objects.filter(channel=channel, state=DeliveryState.WAITING, sent_version=0)
    rows.filter(message__created_at__lt=now - GIVE_UP).update(
        state=DeliveryState.DEAD, answer=(channel.problem or "the channel took nothing for a day")[:255]
    )
    return True


def send_due() -> int:
    """Have everything sent that waits and that nobody is sending; to how many channels."""
    now = timezone.now()
    waiting = Delivery.objects.filter(channel=OuterRef("pk"), state=DeliveryState.WAITING, next_at__lte=now)
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    ready = Q(next_try_at=None) | Q(next_try_at__lte=now)
    numbers = Channel.objects.filter(free, ready, Exists(waiting), enabled=True).values_list("pk", flat=True)
    for number in numbers:
        send_now(number)
    return len(numbers)


def send_again(delivery_id: int, by: object = None) -> bool:
    """Have a message that was given up or held back tried anew at once; whether it was."""
    stopped = Delivery.objects.filter(pk=delivery_id).exclude(state=DeliveryState.WAITING)
    now = timezone.now()
    if not stopped.update(state=DeliveryState.WAITING, attempts=0, next_at=now, again_by=by):
        return False
    channel = Delivery.objects.values_list("channel", flat=True).get(pk=delivery_id)
    Channel.objects.filter(pk=channel).update(next_try_at=None)
    send_now(channel)
    return True


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a try-out."""

    ok: bool
    answer: str
    milliseconds: float


def try_out(channel: Channel) -> Trial:
    """Send a word by a channel now, and wait for its answer."""
    now = timezone.now()
    message = Message(pk=0, text=f"This is a try-out of the channel “{channel.name}”.", at=now, updated_at=now)
    begun = time.monotonic()
    answer = carry(Delivery(message=message, channel=channel, next_at=now))
    took = (time.monotonic() - begun) * 1000
    if answer.ok:
        Channel.objects.filter(pk=channel.pk).update(failures=0, next_try_at=None, worked_at=now, problem="")
    else:
        Channel.objects.filter(pk=channel.pk).update(problem=answer.text[:255])
    return Trial(answer.ok, answer.text, took)
