"""The icon where browsers look for it on pages that name none, as the admin's."""

from django.http import HttpRequest, HttpResponseRedirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Lead to the drawn icon, under whichever name it is served now."""
    return HttpResponseRedirect(static("web/img/favicon.svg"))
