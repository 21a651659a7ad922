"""What people do with pictures that they chose: keep, delete, have looked at anew, take away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from cameras.models import Image
from ingest.removing import delete_images
from ingest.reprocessing import reprocess
from web.cards import cards_of, for_cards
from web.correcting import back, own_address
from web.permissions import may_change_pictures, may_delete_pictures
from web.picture_archive import table, zipped

MOST = 500
"""An action is done within one request."""
Rows = Sequence[Image]


@require_POST
def pictures(request: HttpRequest) -> HttpResponseBase:
    """Do what the form says with the pictures that it names; 404 where one of them is hidden from this person."""
    rows = chosen(request)
    act = ACTIONS.get(request.POST.get("action", ""))
    if act is None or not rows:
        messages.warning(request, f"Choose some pictures, at most {MOST} at once.")
        return back(request, "next", reverse("web:gallery"))
    return act(request, rows)


def chosen(request: HttpRequest) -> list[Image]:
    """The pictures, the newest first; none where there are too many."""
    texts = set(request.POST.getlist("picture"))
    if len(texts) > MOST:
        return []
    if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in texts):
        raise Http404("not a picture")
    numbers = {int(text) for text in texts}
    rows = for_cards(Image.objects.visible_to(request.user)).in_bulk(numbers)
    if len(rows) < len(numbers):
        raise Http404("no such picture")
    return sorted(rows.values(), key=lambda one: (one.received_at, one.pk), reverse=True)


def keep(request: HttpRequest, rows: Rows) -> HttpResponse:
    """Never purge them."""
    return set_keep(request, rows, True)


def release(request: HttpRequest, rows: Rows) -> HttpResponse:
    """Purge them like all others."""
    return set_keep(request, rows, False)


def set_keep(request: HttpRequest, rows: Rows, wanted: bool) -> HttpResponse:
    """Set or clear the mark; a script is told of that alone."""
    if not may_change_pictures(request.user):
        raise PermissionDenied
    changed = [row for row in rows if row.keep != wanted]
    Image.objects.filter(pk__in=[row.pk for row in changed]).update(keep=wanted)
    note(request, changed, CHANGE, "Kept." if wanted else "Not kept any more.")
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    what = "kept: never purged" if wanted else "not kept any more: purged like all others"
    return done(request, f"{said(rows)} {what}.")


def look_again(request: HttpRequest, rows: Rows) -> HttpResponse:
    """Have them looked at anew."""
    if not may_change_pictures(request.user):
        raise PermissionDenied
    try:
        reprocess(rows)
    except OperationalError as problem:
        messages.error(request, f"The broker does not answer ({problem}): some pictures wait for it.")
        return back(request, "next", reverse("web:gallery"))
    note(request, rows, CHANGE, "Handed over to be looked at anew.")
    return done(request, f"{said(rows)} handed over, to be looked at anew.")


def delete(request: HttpRequest, rows: Rows) -> HttpResponse:
    """Ask, and delete them for good."""
    if not may_delete_pictures(request.user):
        raise PermissionDenied
    if "confirmed" not in request.POST:
        kept = sum(row.keep for row in rows)
        away = {"next": own_address(request, "next"), "after": own_address(request, "after")}
        context = {"cards": cards_of(rows), "kept": kept, **away}
        return render(request, "web/pages/delete_pictures.html", context)
    note(request, rows, DELETION, "Deleted.")
    number = delete_images([row.pk for row in rows])
    return done(request, f"{number} picture{'' if number == 1 else 's'} deleted.")


def take_zip(request: HttpRequest, rows: Rows) -> HttpResponseBase:
    """The files in one archive."""
    return StreamingHttpResponse(zipped(rows), "application/zip", headers=attached("zip"))


def take_csv(request: HttpRequest, rows: Rows) -> HttpResponseBase:
    """What is known of them."""
    return StreamingHttpResponse(table(rows), "text/csv; charset=utf-8", headers=attached("csv"))


def attached(ending: str) -> dict[str, str]:
    """Headers of something to save, which nobody else may keep."""
    name = f"pictures-{timezone.localtime():%Y-%m-%d-%H%M%S}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}


def done(request: HttpRequest, what: str) -> HttpResponse:
    """Say it, on the page that the person came from."""
    messages.success(request, what)
    return back(request, "next", reverse("web:gallery"))


def said(rows: Rows) -> str:
    """How many."""
    return f"{len(rows)} picture{'' if len(rows) == 1 else 's'}"


def note(request: HttpRequest, rows: Rows, flag: int, what: str) -> None:
    """Write into the history of pictures what a person did to them."""
    if rows:
        LogEntry.objects.log_actions(request.user.pk, rows, flag, change_message=what)  # type: ignore[arg-type]


ACTIONS: dict[str, Callable[[HttpRequest, Rows], HttpResponseBase]] = {
    "keep": keep,
    "release": release,
    "reprocess": look_again,
    "delete": delete,
    "zip": take_zip,
    "csv": take_csv,
}
