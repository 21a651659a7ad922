"""Who asks, where proxies are in between; by whose clock; and when each session was last used."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable, Iterator
from datetime import tzinfo
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts import sessions, zones
from accounts.models import User

log = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponseBase]


class TrustedProxies:
    """Makes REMOTE_ADDR the address of the browser where a proxy of TRUSTED_PROXIES names it.

    Anybody can send X-Forwarded-… headers: from everybody else they are taken away before anything reads them.
    """

    HEADERS = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO")

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response
        self._networks = [ipaddress.ip_network(one) for one in settings.TRUSTED_PROXIES]
        self._told: set[str] = set()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        # The zone of an IPv6 address (%eth0) is this machine's own business, and longer than a database has room for.
        peer = request.META["REMOTE_ADDR"] = str(request.META.get("REMOTE_ADDR", "")).partition("%")[0]
        if self._trusted(peer):
            request.META["REMOTE_ADDR"] = self._browser(peer, request.META.get("HTTP_X_FORWARDED_FOR", ""))
        elif [request.META.pop(name) for name in self.HEADERS if name in request.META]:
            self._tell(peer)
        return self._get_response(request)

    def _browser(self, peer: str, forwarded: str) -> str:
        """The nearest address that is no proxy of ours; each proxy adds whom it heard from at the end."""
        for hop in reversed(forwarded.split(",")):
            try:
                peer = str(ipaddress.ip_address(hop.strip()))
            except ValueError:
                break
            if not self._trusted(peer):
                break
        return peer

    def _trusted(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._networks)

    def _tell(self, peer: str) -> None:
        if peer not in self._told and len(self._told) < 100:
            self._told.add(peer)
            log.warning("%s forwards requests and is not among TRUSTED_PROXIES: its word is not taken", peer)


class LoginRequired(LoginRequiredMiddleware):
    """Sends strangers to the login page; htmx, which asks for a part of a page, is told to open it."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """Answer a stranger; after the login the page comes again whose part was asked for."""
        htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by django_htmx
        if not htmx:
            return super().handle_no_permission(request, view_func)
        login = redirect_to_login(htmx.current_url_abs_path or "/", self.get_login_url(view_func))
        return HttpResponseClientRedirect(login.url)


class LastSeen:
    """Notes now and then that a session is used, which also puts off its end."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; a request that had no need of its session leaves it alone."""
        response = self._get_response(request)
        session = request.session
        if session.accessed and SESSION_KEY in session:
            sessions.note_use(session)
        return response


class OwnTimeZone:
    """Tells times by the zone that the person chose who asks, by the site's to everybody else."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; what was activated ends with the request: the next one of this thread is somebody else's."""
        with timezone.override(None):
            response = self._get_response(request)
            own = timezone.get_current_timezone()
        # What is sent in pieces is made after this; files are bytes that no zone changes.
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = in_zone(iter(response), own)
        return response

    def process_view(self, request: HttpRequest, view_func: Any, *_: Any) -> None:
        """Activate the zone; pages that are open to strangers ask for nobody."""
        if not getattr(view_func, "login_required", True):
            return
        user = request.user
        if isinstance(user, User) and user.time_zone:
            zone = zones.find(user.time_zone)
            if zone is None:
                log.warning("%s chose the time zone %r, which this system does not know", user, user.time_zone)
            timezone.activate(zone or timezone.get_default_timezone())


def in_zone(parts: Iterator[bytes], zone: tzinfo) -> Iterator[bytes]:
    """The same parts, each made by the clock of a zone."""
    while True:
        with timezone.override(zone):
            part = next(parts, None)
        if part is None:
            return
        yield part
