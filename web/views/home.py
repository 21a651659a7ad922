"""The first page: what happened today."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

import environment
from accounts.models import Person
from cameras.models import Camera, Image, Node
from ingest import alarms, refusals
from web import latest, today
from web.cards import card, for_cards
from web.hub import hub

MOST_PICTURES = 8
MOST_PLATES = 6
LABELS = {
    "pictures": "Pictures",
    "vehicles": "Pictures with a vehicle",
    "persons": "Pictures with a person",
    "plates": "Different plates",
}


@require_safe
@cache_control(private=True)
def home(request: HttpRequest) -> HttpResponse:
    """Today's figures and the newest of everything, or how to connect a first camera."""
    user = request.user
    cameras = list(latest.with_latest_image(Camera.objects.visible_to(user).select_related("node")))
    nodes = nodes_of(user, cameras)
    if not nodes:
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204)  # nothing new, so that the page stays as it is
        return render(request, "web/pages/home.html", {"hub": first_hub(request)})
    waiting, put_off = today.waiting(user)
    context = {
        "today": timezone.localdate(),
        "stats": [stat(one) for one in (*today.pictures(user), today.plates(user))],
        "events": today.events(user),
        "cards": [card(image) for image in newest_images(user, cameras)],
        "plates": latest.latest_plates(user, MOST_PLATES),
        "refusals": list(refusals.standing()) if user.is_staff else [],
        "silent": [node for node in nodes if node.silent_since],
        "cameras": [camera for camera in cameras if camera.display and not camera.retired_at],
        "waiting": min(waiting, today.MOST_WAITING),
        "put_off": put_off,
        "more_waiting": waiting > today.MOST_WAITING,
    }
    return render(request, "web/pages/home.html", context)


def nodes_of(user: Person, cameras: list[Camera]) -> list[Node]:
    """The nodes that this person may see; for who is limited, those of the cameras, which are read already."""
    if latest.sees_all(user):
        return list(Node.objects.visible_to(user).exclude(name=alarms.NODE))
    return list(dict.fromkeys(camera.node for camera in cameras))


def newest_images(user: Person, cameras: Sequence[Camera]) -> list[Image]:
    """The newest pictures, with all that cards need.

    Their cameras are read already: joined with these, MariaDB would begin with them and sort all pictures.
    """
    rows = for_cards(Image.objects.visible_to(user)).select_related(None)
    images = rows.select_related("visit", "detection_run", "recognition_run").order_by("-received_at", "-pk")
    known = {camera.pk: camera for camera in cameras}
    found = list(images[:MOST_PICTURES])
    for image in found:
        image.camera = known.get(image.camera_id) or image.camera
    return found


def first_hub(request: HttpRequest) -> object:
    """Where a first Pi should send to."""
    return hub(request.get_host(), environment.current().receiver_address)


def stat(figure: today.Figure) -> dict[str, str]:
    """A figure as the component stat takes it."""
    day = timezone.localdate().isoformat()
    addresses = {"pictures": f"{reverse('web:gallery')}?day={day}", "plates": reverse("web:plates")}
    return {
        "label": LABELS[figure.name],
        "value": f"{figure.today:,}",
        "sub": f"yesterday {figure.yesterday:,}",
        "url": addresses.get(figure.name, "") if figure.today else "",
    }
