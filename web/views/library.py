"""The library check: files and index compared, what was found, and what to do about it; for staff."""

from __future__ import annotations

from dataclasses import dataclass

from celery import current_app
from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods
from kombu.exceptions import OperationalError

from accounts.models import User
from cameras.models import Fault, FileFault, Image, Reconciliation
from cameras.services import UNIDENTIFIED
from web.choices import Tab
from web.keyset import read_page

PAGE_SIZE = 30
RUNS = 8
BADGES = {"running": "accent", "stopped": "", "done": "ok", "refused": "danger"}
MENDS = {
    Fault.MISSING: "Bring the files back to their places, for instance out of a backup: the next check finds them. "
    "Where they are lost for good, delete their entries in the admin.",
    Fault.UNREADABLE: "Look at the rights of these files, and at the disk: the kernel's log tells of failing ones.",
    Fault.SIZE: "They were changed or cut off after they came. Bring them back out of a backup.",
    Fault.CHANGED: "Their bytes are not those that came: somebody changed them, or the disk fails. "
    "Compare with a backup.",
    Fault.TRUNCATED: "They came without their end, or lost it: what is there is shown. Look at the camera's network.",
    Fault.STRANGER: "librarian leaves them alone. Move them elsewhere, or delete them yourself.",
}


@dataclass(frozen=True, slots=True)
class Group:
    """The faults of one kind."""

    kind: str
    text: str
    mend: str
    count: int
    url: str


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True)
def library(request: HttpRequest) -> HttpResponse:
    """What the last runs did and what is wrong now; posted to, it has a run begin."""
    if not (isinstance(request.user, User) and request.user.is_staff):
        raise Http404("for staff")
    if request.method == "POST":
        start(request)
        return redirect("web:library")
    groups, kind = found(), request.GET.get("kind", "")
    runs = list(Reconciliation.objects.all()[:RUNS])
    page = read_page(request, chosen(kind), "", PAGE_SIZE)
    context = {
        "groups": groups,
        "tabs": tabs(groups, kind),
        "page": page,
        "runs": [(run, BADGES[run.state]) for run in runs],
        "last": runs[0] if runs else None,
        "images": Image.objects.count(),
        "wrong": sum(one.count for one in groups),
        "undecoded": Image.objects.exclude(problem="").count(),
        "unidentified": Image.objects.filter(camera__node__name=UNIDENTIFIED).count(),
    }
    return render(request, "web/pages/library.html", context)


def start(request: HttpRequest) -> None:
    """Have the schedule's run begin now."""
    try:
        current_app.send_task("ingest.reconcile")
    except OperationalError as problem:
        messages.error(request, f"It cannot begin: the broker does not answer ({problem}).")
    else:
        messages.success(request, "The check begins; this page tells how far it is.")


def found() -> list[Group]:
    """The kinds of faults that there are, the worst first."""
    counts = dict(FileFault.objects.order_by().values_list("kind").annotate(n=Count("pk")))
    url = reverse("web:library")
    return [
        Group(kind.value, str(kind.label), MENDS[kind], counts[kind.value], f"{url}?kind={kind.value}")
        for kind in Fault
        if kind.value in counts
    ]


def chosen(kind: str) -> QuerySet[FileFault, FileFault]:
    """The faults that the address asks for."""
    rows = FileFault.objects.select_related("image__camera__node")
    return rows.filter(kind=kind) if kind in Fault.values else rows


def tabs(groups: list[Group], here: str) -> list[Tab]:
    """All faults, and those of each kind that there is."""
    if len(groups) < 2:
        return []
    every = Tab(reverse("web:library"), "All", current=not here)
    return [every, *(Tab(one.url, f"{one.text} ({one.count:,})", current=one.kind == here) for one in groups)]
