"""Armed or not, and snoozes: one service for the site's pages and whatever else may set them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from alerts.models import ArmedState, Rule, Snooze
from cameras.models import Camera


def is_armed() -> bool:
    """Whether the site is armed now; it is not before anybody has armed it."""
    newest = ArmedState.objects.order_by("-at", "-pk").values_list("armed", flat=True).first()
    return bool(newest)


def was_armed(at: datetime) -> bool:
    """Whether the site was armed at a time."""
    rows = ArmedState.objects.filter(at__lte=at).order_by("-at", "-pk")
    return bool(rows.values_list("armed", flat=True).first())


def latest() -> ArmedState | None:
    """Who changed the state last, and when."""
    return ArmedState.objects.select_related("by").order_by("-at", "-pk").first()


def arm(armed: bool, by: User | None = None, source: str = "site") -> bool:
    """Arm or disarm the site; whether that changed anything."""
    if is_armed() == armed:
        return False
    ArmedState.objects.create(armed=armed, at=timezone.now(), by=by, source=source)
    return True


def snooze(
    duration: timedelta, by: User | None = None, *, rule: Rule | None = None, camera: Camera | None = None
) -> Snooze:
    """No messages for so long, of a rule, of a camera, or of all; instead of an earlier snooze of the same."""
    Snooze.objects.filter(rule=rule, camera=camera).delete()
    return Snooze.objects.create(rule=rule, camera=camera, until=timezone.now() + duration, by=by)


def wake(rule: Rule | None = None, camera: Camera | None = None) -> bool:
    """End the snooze of a rule, of a camera, or of all; whether there was one."""
    return bool(Snooze.objects.filter(rule=rule, camera=camera).delete()[0])


def snoozed(rule_id: int, camera_id: int | None, at: datetime) -> Snooze | None:
    """What keeps a rule's message about a camera back, if anything does."""
    about = Q(rule=rule_id, camera=None) | Q(rule=None, camera=None)
    if camera_id is not None:
        about |= Q(rule=None, camera=camera_id)
    return Snooze.objects.filter(about, until__gt=at).order_by("-until").first()
