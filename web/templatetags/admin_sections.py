"""The admin's first page: by what people look for, not by application."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.admin import site

from cameras.models import DeadLetter

register = template.Library()

SECTIONS = {
    "Pictures and events": ("Image", "Event", "Visit"),
    "What was found": ("Plate", "Sighting", "PlateReading", "Detection", "Correction", "PlateAlias"),
    "Cameras": ("Camera", "Node", "Zone", "CameraAlias", "NodeAlias"),
    "People": ("User",),
    "Plate Recognizer": ("CloudCall", "CloudRun", "CloudDay", "CloudState"),
    "Work": ("DeadLetter", "DetectionRun", "RecognitionRun", "Tombstone", "PlateKey", "PlatePart"),
}
OTHERS = "More"
MOST_COUNTED = 1000


@register.inclusion_tag("admin/sections.html")
def sections(app_list: list[dict[str, Any]]) -> dict[str, object]:
    """The models that this person may see, in sections; what no section names comes last."""
    left = {model["object_name"]: model for app in app_list for model in app["models"]}
    found = {title: [left.pop(name) for name in names if name in left] for title, names in SECTIONS.items()}
    found[OTHERS] = list(left.values())
    return {"sections": [(title, models) for title, models in found.items() if models]}


@register.inclusion_tag("admin/waiting.html", takes_context=True)
def waiting_letters(context: dict[str, Any]) -> dict[str, object]:
    """How many dead letters wait for somebody, told to those who may see them."""
    request = context["request"]
    may = site.get_model_admin(DeadLetter).has_view_permission(request)
    number = DeadLetter.objects.order_by()[:MOST_COUNTED].count() if may else 0
    return {"number": number, "many": number == MOST_COUNTED}
