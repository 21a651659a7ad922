"""What the live wall is to say, for its script."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from alerts.feed import spoken


@require_safe
@cache_control(private=True, no_store=True)
def speech(request: HttpRequest) -> JsonResponse:
    """The messages of the last seconds that this person may know."""
    return JsonResponse({"messages": spoken(request.user)})
