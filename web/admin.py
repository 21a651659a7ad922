"""How the admin site introduces itself, and whom it sends away."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

admin.site.site_header = "librarian"
admin.site.site_title = "librarian"
admin.site.index_title = "Administration"
admin.site.enable_nav_sidebar = False  # the first page has the same links in a sensible order
admin.site.index_template = "admin/index_with_monitor.html"


@login_not_required
def login(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """The site's one login page for strangers; who is signed in and comes here may not administer (403)."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


admin.site.login = login  # type: ignore[method-assign]  # Django asks for it by this name
