"""imagenode.yaml, for a node that sends and for one that shall."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cameras.models import Node
from web.imagenode import knowing
from web.imagenode.forms import EDGES, AddForm, WayForm
from web.imagenode.writing import text_of
from web.latest import sees_all

FILE_NAME = "imagenode.yaml"


@require_safe
@cache_control(private=True)
def node(request: HttpRequest, node_id: int) -> HttpResponse:
    """The file of a node as far as it is known; with `download` the file itself. For who sees all cameras."""
    row = get_object_or_404(Node.objects.visible_to(request.user), pk=node_id)
    check(request)
    form = WayForm(request.GET if "imagenode" in request.GET else None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {"camera": "pi", "imagenode": "new"}
    text = text_of(knowing.node_plan(request, row, chosen["camera"] == "usb", chosen["imagenode"] == "old"))
    if "download" in request.GET:
        return download(text)
    context = {"node": row, "form": form, "yaml": text, "download": link(request), **about(request, row)}
    return render(request, "web/pages/node_imagenode.html", context)


@require_safe
@cache_control(private=True)
def add(request: HttpRequest) -> HttpResponse:
    """A form that writes the file of a new camera; cameras appear by sending, so that nothing is stored here."""
    check(request)
    form = AddForm(request.GET if "node" in request.GET else None)
    text = ""
    if form.is_bound and form.is_valid():
        text = text_of(form.plan(knowing.hub_for(request).address, knowing.notes()))
        if "download" in request.GET:
            return download(text)
    name = form.cleaned_data["node"] if text else ""
    context = {
        "form": form,
        "edges": [form[name] for name in EDGES],
        "yaml": text,
        "known": Node.objects.filter(name=name).first() if name else None,
        "download": link(request),
        **about(request),
    }
    return render(request, "web/pages/camera_add.html", context)


def check(request: HttpRequest) -> None:
    """Who is limited to chosen cameras sets up none, and is not told where the receiver listens."""
    if not sees_all(request.user):
        raise PermissionDenied


def about(request: HttpRequest, row: Node | None = None) -> dict[str, object]:
    """What both pages say beside the file."""
    return {"hub": knowing.hub_for(request), "notes": knowing.notes(row), "file_name": FILE_NAME}


def link(request: HttpRequest) -> str:
    """Where the same file is downloaded."""
    query = request.GET.copy()
    query["download"] = "1"
    return f"?{query.urlencode()}"


def download(text: str) -> HttpResponse:
    """The file, to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)
