"""What a person asked to be corrected, and the corrections that can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Person, User
from plates.models import Correction, CorrectionKind, PlateReading
from web.latest import sees_all
from web.permissions import may_correct, may_correct_all

LATELY = timedelta(minutes=30)
"""So long a page offers to undo what its person corrected last; the log does it at any time."""


@dataclass(frozen=True, slots=True)
class Undoable:
    """A correction in words, and whether this person may undo it."""

    row: Correction
    what: str
    allowed: bool


def wanted_text(request: HttpRequest) -> str:
    """What a form says that it is: a text that was chosen or typed, empty for no plate; raises `ValidationError`."""
    if "none" in request.POST:
        return ""
    text = request.POST.get("text", "").strip()
    if not text:
        raise ValidationError("Write the plate, or say that it is none.")
    return text


def back(request: HttpRequest, name: str, otherwise: str) -> HttpResponse:
    """Back to the page of this site that a form names."""
    return HttpResponseRedirect(own_address(request, name) or otherwise)


def own_address(request: HttpRequest, name: str) -> str:
    """The page of this site that a form names; empty where it names another site's, or none."""
    address = request.POST.get(name, "")
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours and address.startswith("/") else ""


def tell(request: HttpRequest, made: Correction) -> None:
    """Say what was done."""
    messages.success(request, f"{in_words(made)}.")


def in_words(row: Correction) -> str:
    """A correction as people say it."""
    what = {
        CorrectionKind.READING: row.was,
        CorrectionKind.ALIKE: f"Everything read as {row.was}",
        CorrectionKind.MERGE: f"Plate {row.was}",
    }[CorrectionKind(row.kind)]
    if row.kind == CorrectionKind.MERGE:
        return f"{what} is now part of {row.text}"
    if row.was == row.text:
        return f"{what} is a plate"
    return f"{what} is {row.text or 'no plate'}"


def offers_undo(user: Person, row: Correction, *, every: bool) -> bool:
    """Whether a page offers this person to undo a correction; `every`: they may correct all."""
    own = row.kind == CorrectionKind.READING and row.by_id == user.pk
    return row.undone_at is None and (every or (own and may_correct(user)))


def may_undo(user: Person, row: Correction) -> bool:
    """Whether this person may undo a correction: any who may correct all, else their own of readings that they see."""
    if not offers_undo(user, row, every=may_correct_all(user)):
        return False
    numbers = [] if sees_all(user) else [one[0] for one in row.before["readings"]]
    visible = PlateReading.objects.visible_to(user).values("pk")
    return not PlateReading.objects.filter(pk__in=numbers).exclude(pk__in=visible).exists()


def undoables(rows: Iterable[Correction], user: Person) -> list[Undoable]:
    """Corrections in words, each with whether it can be undone."""
    every = may_correct_all(user)
    return [Undoable(row, in_words(row), offers_undo(user, row, every=every)) for row in rows]


def shown_corrections(user: Person) -> QuerySet[Correction]:
    """The corrections that this person may read of: all, or, limited to chosen cameras, their own."""
    rows = Correction.objects.select_related("plate", "by", "undone_by").defer("before")
    return rows if sees_all(user) else rows.filter(by=user.pk, by__isnull=False)


def last_correction(user: Person) -> Undoable | None:
    """What this person corrected last, a moment ago, if it can be undone."""
    if not isinstance(user, User) or not may_correct(user):
        return None
    own = Correction.objects.filter(by=user, undone_at=None, at__gt=timezone.now() - LATELY).defer("before")
    return next((one for one in undoables(own.order_by("-at", "-pk")[:1], user) if one.allowed), None)
