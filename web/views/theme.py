"""The choice between light and dark in the account menu: kept with the person, so that it holds in every browser."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.models import Theme, User

YEAR = 365 * 24 * 60 * 60
"""Seconds for which cookies keep what somebody chose for one browser only."""


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice; without scripts, go back to the page (else 204)."""
    chosen = request.POST.get("theme", "")
    if chosen not in Theme.values:
        return HttpResponseBadRequest(f"theme={chosen[:20]!r} is none of {', '.join(Theme.values)}", "text/plain")
    User.objects.filter(pk=int(request.user.pk or 0)).update(theme=chosen)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    return HttpResponseRedirect(back)
