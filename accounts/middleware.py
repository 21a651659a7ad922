"""Who asks, where proxies are in between; and when each session was last used."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts import sessions

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
