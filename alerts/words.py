"""What the names in a message's template stand for."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from alerts.judging import Occurred
from alerts.models import Rule
from cameras.models import Camera, Node


def facts_of(rule: Rule, found: Occurred) -> dict[str, Any]:
    """The values of all names that templates may use, as texts and numbers that JSON holds."""
    camera = Camera.objects.select_related("node").filter(pk=found.first("camera")).first()
    node = camera.node if camera else Node.objects.filter(pk=found.first("node")).first()
    score = found.first("score") or 0
    name = str(camera or node or "")
    return {
        "what": what(found),
        "label": found.first("label") or "",
        "count": found.first("count") or "",
        "place": (camera.message if camera else "") or (f"at {name}" if name else ""),
        "camera": str(camera or ""),
        "node": str(node or ""),
        "plate": found.first("plate") or "",
        "owner": found.first("owner") or "",
        "value": found.first("value") or "",
        "time": f"{timezone.localtime(found.at, timezone.get_default_timezone()):%H:%M}",
        "score": round(100 * float(score)) if score else "",
        "rule": rule.name,
    }


def what(found: Occurred) -> str:
    """What was seen, in a few words."""
    main = found.main
    if main.plate:
        return f"plate {main.plate}{f' ({main.owner})' if main.owner else ''}"
    if main.key.startswith("quiet:"):
        return f"nothing seen for {main.value}"
    if main.event:
        return f"{main.label} {main.value}".strip()
    if not main.label:
        return "a picture"
    return f"{main.count} × {main.label}" if main.count > 1 else f"a{'n' * (main.label[0] in 'aeiou')} {main.label}"
