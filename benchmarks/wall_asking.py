"""Browsers without a screen: they log in, open pages, and ask again and again as the live wall's script does."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from urllib.parse import urlencode, urlsplit

EVERY_SECONDS = 0.5
PATIENCE = 4
TIMEOUT_SECONDS = 10


class Browser:
    """One connection with its cookies."""

    def __init__(self, site: str, cookie: str = "") -> None:
        self.connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=TIMEOUT_SECONDS)
        self.site, self.cookie = site, cookie

    def get(self, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers of a page; raises `OSError` where no answer comes."""
        return self._ask("GET", path, None, headers)

    def log_in(self, name: str, password: str) -> None:
        """Go through the login page."""
        _, body, headers = self.get("/login/")
        self._keep(headers)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', body.decode())
        assert token, "no login page"
        form = urlencode({"username": name, "password": password, "csrfmiddlewaretoken": token[1]})
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{self.site}/login/"}
        status, _, headers = self._ask("POST", "/login/", form, sent)
        assert status == 302, "the password was not taken"
        self._keep(headers)

    def timed(self, path: str) -> float:
        """Milliseconds that a page takes."""
        begun = time.monotonic()
        status, _, _ = self.get(path)
        assert status == 200, path
        return (time.monotonic() - begun) * 1000

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, bytes, dict[str, str]]:
        self.connection.request(method, path, body, {"Cookie": self.cookie, **headers})
        answer = self.connection.getresponse()
        found = {"cookies": "; ".join(answer.headers.get_all("Set-Cookie") or []), **dict(answer.headers)}
        return answer.status, answer.read(), found

    def _keep(self, headers: dict[str, str]) -> None:
        pairs = re.findall(r"(?:^|; )(librarian|csrftoken)=([^;]+)", headers["cookies"])
        known = dict(one.split("=", 1) for one in self.cookie.split("; ") if one)
        self.cookie = "; ".join(f"{name}={value}" for name, value in (known | dict(pairs)).items())


class Wall(threading.Thread):
    """Asks for the list, and fetches the thumbnails that are new."""

    def __init__(self, site: str, cookie: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.browser, self.stopping = Browser(site, cookie), stop
        self.shown: dict[str, tuple[str, float]] = {}
        """By title: the address of the picture, and when it was there."""
        self.asked = 0

    def run(self) -> None:
        """Ask until it is to stop."""
        etag, took = "", 0.0
        while not self.stopping.wait(max(EVERY_SECONDS - took, took * PATIENCE)):
            begun = time.monotonic()
            status, body, headers = self.browser.get("/wall/list.json", **{"If-None-Match": etag})
            took = time.monotonic() - begun
            self.asked += 1
            if status == 200:
                etag = headers["ETag"]
                self._take(body)

    def _take(self, body: bytes) -> None:
        for tile in json.loads(body)["tiles"]:
            known = self.shown.get(tile["title"])
            if known is None or known[0] != tile["picture"]:
                if known:
                    self.browser.get(tile["thumbnail"])
                self.shown[tile["title"]] = (tile["picture"], time.monotonic())
