"""What a browser needs to install the site: manifest, service worker, and a page for when the server is away.

All three are open to strangers and say nothing of anybody: browsers fetch them without a login.
"""

from __future__ import annotations

import hashlib
import json

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

ICONS = (
    ("web/img/icon-192.png", "192x192", "any"),
    ("web/img/icon-512.png", "512x512", "any"),
    ("web/img/icon-maskable-192.png", "192x192", "maskable"),
    ("web/img/icon-maskable-512.png", "512x512", "maskable"),
)
"""Drawn by `python -m demo.icons`."""
SHORTCUTS = (("Gallery", "web:gallery"), ("Live wall", "web:wall"), ("Plates", "web:plates"))
OFFLINE_FILES = (
    *("web/css/tokens.css", "web/css/base.css", "web/css/header.css", "web/css/controls.css"),
    *("web/css/components.css", "web/img/favicon.svg"),
)
"""What the page needs that is shown while the server is away; nothing else is kept in a browser's cache."""


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """What the site is called as an app, and its icons (Web Application Manifest, W3C)."""
    icons = [{"src": static(name), "sizes": size, "type": "image/png", "purpose": kind} for name, size, kind in ICONS]
    facts = {
        "id": "/",
        "name": "librarian",
        "short_name": "librarian",
        "description": "Pictures, visits and plates of your cameras.",
        "lang": "en-GB",
        "start_url": reverse("web:home"),
        "scope": reverse("web:home"),
        "display": "standalone",
        "background_color": "#f6f7f5",
        "theme_color": "#0b6e69",
        "icons": icons,
        "shortcuts": [{"name": name, "url": reverse(page)} for name, page in SHORTCUTS],
    }
    return JsonResponse(facts, content_type="application/manifest+json")


@login_not_required
@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows the page for when the server is away; a new version of that page makes a new script."""
    kept = [static(name) for name in OFFLINE_FILES]
    page = render_to_string("web/offline.html")
    version = hashlib.sha256("".join([page, *kept]).encode()).hexdigest()[:12]
    facts = {"version": version, "files": json.dumps({"offline": reverse("web:offline"), "kept": kept})}
    return render(request, "web/service_worker.js", facts, "text/javascript")


@login_not_required
@require_safe
@cache_control(public=True, no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """Says that the server does not answer; browsers keep it for that time."""
    return HttpResponse(render_to_string("web/offline.html"))
