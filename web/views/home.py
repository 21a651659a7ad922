"""The first page: what happened today."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

import environment
from accounts.models import Person
from cameras.models import Camera, Image, Node
from web import latest, today
from web.cards import card, for_cards
from web.hub import hub
from web.keyset import fetched

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
    waiting = today.waiting(user)
    context = {
        "today": timezone.localdate(),
        "stats": [stat(one) for one in (*today.pictures(user), today.plates(user))],
        "events": today.events(user),
        "cards": [card(image) for image in newest_images(user)],
        "plates": latest.latest_plates(user, MOST_PLATES),
        "silent": [node for node in nodes if node.silent_since],
        "cameras": [camera for camera in cameras if camera.display and not camera.retired_at],
        "waiting": min(waiting, today.MOST_WAITING),
        "more_waiting": waiting > today.MOST_WAITING,
    }
    return render(request, "web/pages/home.html", context)


def nodes_of(user: Person, cameras: list[Camera]) -> list[Node]:
    """The nodes that this person may see; for who is limited, those of the cameras, which are read already."""
    if latest.sees_all(user):
        return list(Node.objects.visible_to(user))
    return list(dict.fromkeys(camera.node for camera in cameras))


def newest_images(user: Person) -> list[Image]:
    """The newest pictures, with all that cards need."""
    images = for_cards(Image.objects.visible_to(user))
    newest = images.order_by("-received_at", "-pk")[:MOST_PICTURES]
    return list(newest) if latest.sees_all(user) else fetched(images, newest)


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
