"""Forms of what staff set for a camera and for a node."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from cameras.models import Camera, Node
from cameras.receiver_settings import write_receiver_settings
from web.camera_settings import settings_tabs
from web.forms import CameraForm, NodeForm

Row = Camera | Node


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True)
def camera(request: HttpRequest, camera_id: int) -> HttpResponse:
    """What is done with a camera's pictures, for those who may change cameras."""
    row = get_object_or_404(Camera.objects.visible_to(request.user).select_related("node"), pk=camera_id)
    if not request.user.has_perm("cameras.change_camera"):
        raise PermissionDenied
    return answer(
        request, row, CameraForm(request.POST or None, instance=row), "New pictures are looked at in this way."
    )


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True)
def node(request: HttpRequest, node_id: int) -> HttpResponse:
    """When a node counts as silent and how much it may send, for those who may change nodes."""
    row = get_object_or_404(Node.objects.visible_to(request.user), pk=node_id)
    if not request.user.has_perm("cameras.change_node"):
        raise PermissionDenied
    return answer(request, row, NodeForm(request.POST or None, instance=row), "It counts from now on.")


def answer(request: HttpRequest, row: Row, form: ModelForm[Camera] | ModelForm[Node], effect: str) -> HttpResponse:
    """The form, or, once it is filled in well, the page of the camera or node again."""
    kind = "camera" if isinstance(row, Camera) else "node"
    if form.is_valid():
        form.save()
        if isinstance(row, Node):
            transaction.on_commit(write_receiver_settings)
        messages.success(request, f"Saved. {effect}")
        return redirect(f"web:{kind}", row.pk)
    tabs = settings_tabs(row, "web:camera_settings") if isinstance(row, Camera) else []
    return render(request, f"web/pages/{kind}_settings.html", {"row": row, "form": form, "tabs": tabs})
