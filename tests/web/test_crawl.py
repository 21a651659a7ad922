"""Every address that the resolver knows, asked for by those who must not see; a new one must be classified here."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urljoin, urlsplit

import pytest
from django.db.models import Model
from django.http import HttpResponseBase
from django.test import Client

from accounts.models import User
from cameras.models import Camera, Event, Image, Node, Visit, Zone
from plates.models import Correction, Plate, PlateAlias, PlateReading, Sighting
from tests.routes import Route, routes
from tests.web.hidden import MARK, Site, Values, make_site

OPEN = {
    "web:login": {200},
    "web:manifest": {200},
    "web:service_worker": {200},
    "web:offline": {200},
    "web:healthz": {200},
    "web:readyz": {200, 503},
    "web:metrics": {401},  # asks for a token instead of a login; test_metrics.py says who gets them
    "admin:login": {200, 302},
    "accounts:reset": {200},
    "accounts:reset_sent": {200},
    "accounts:reset_done": {200},
    "accounts:reset_confirm": {200, 302},
}
"""What strangers may ask for, and what they get."""
NAMES = (
    *("home", "gallery", "visits", "events", "events_latest", "plates", "cameras", "statistics", "statistics_csv"),
    *("sighting_triage", "plate_corrections", "wall", "wall_list", "event_timeline", "alerts"),
)
LISTS = {f"web:{name}" for name in NAMES}
ROW_NAMES = (*("image", "file", "thumbnail", "preview", "camera", "node", "plate", "visit", "visit_why", "event_why"),)
ROWS = {f"web:{name}" for name in ROW_NAMES}
ROWS.add("web:reading_plate")
"""Addresses of one row: the own ones are found, hidden ones are not."""
EDITED = {"web:camera_settings", "web:camera_zones", "web:node_settings", "web:plate_merge"}
"""The same, but that viewers may not change what they find."""
CORRECTED = {"web:reading_correct", "web:sighting_correct", "web:plate_correction_undo", "web:pictures"}
"""Only posted to, by those who may correct, or do something with pictures: test_pictures.py says who may."""
ASKED = {"web:event_timeline_step", "web:wall_speech"}
"""Only answer what a script asks with facts of its page: test_timeline.py and test_alerts.py say who sees what."""
LIVE = {"web:live", "web:live_list", "web:live_picture"}
"""What receivers show just now, which no row holds: test_live.py says who sees what."""
PERSONAL = {
    *("accounts:account", "accounts:password", "accounts:end_session", "accounts:end_other_sessions"),
    *("accounts:profile", "web:theme"),
}
DOORS = {"web:logout", "web:favicon"}
SET_UP = {"web:camera_add", "web:node_imagenode"}
"""For who sees all cameras: test_imagenode.py says so."""
STAFF = {"web:styleguide", "web:library", "web:alert_arm", "web:alert_again"} | {
    *("web:alert_rules", "web:alert_channels"),
    *(f"web:alert_{name}" for name in ("rule", "rule_new", "rule_delete", "rule_switch", "snooze", "ready_made")),
    *(f"web:alert_{name}" for name in ("channel", "channel_new", "channel_try", "channel_delete")),
}
"""For staff alone, as everything below admin/ that is not open."""
CLASSES = (set(OPEN), LISTS, ROWS, EDITED, CORRECTED, ASKED, LIVE, PERSONAL, DOORS, SET_UP, STAFF)
ENDLESS, MOST_OF_IT = "/events/timeline/", 25
"""Its days go back without end, so that some of them stand for all."""
REFUSED = {302, 403, 404}
NOT_GIVEN = REFUSED | {405}
RANDOM = re.compile(r"\b(?:[0-9A-Za-z]{32}|[0-9A-Za-z]{64})\b")
"""Secrets of cookies and tokens of forms, which say the mark by chance: one run of twenty."""
METHODS = ("get", "head", "post", "put", "delete")
FORM = {
    "post": "yes",
    "owner": "mallory",
    "list": "watch",
    "message": "mallory",
    "view": "mallory",
    "keep": "on",
    "text": "MALLORY1",
    "into": "1",
}


@pytest.fixture
def site(db: None) -> Site:
    return make_site()


def enter(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def for_staff(route: Route) -> bool:
    return route.name in STAFF or (route.path.startswith("admin/") and route.name not in OPEN)


def ask(client: Client, method: str, address: str, query: Mapping[str, object] | None = None) -> HttpResponseBase:
    answer: HttpResponseBase = getattr(client, method)(address, FORM if method == "post" else query or {})
    return answer


def tells(response: HttpResponseBase) -> str:
    """What an answer or its headers contain of a hidden camera, with what stands around it."""
    parts = response.streaming_content if response.streaming else [response.content]  # type: ignore[attr-defined]
    text = RANDOM.sub("", f"{response.headers} {b''.join(parts).decode('latin-1')}")
    at = text.lower().find(MARK)
    return text[max(0, at - 80) : at + 40] if at >= 0 else ""


def rows_now() -> list[object]:
    """All that requests of others must leave as it is."""
    kinds: tuple[type[Model], ...] = (
        *(Camera, Event, Image, Node, Visit, Zone),
        *(Plate, PlateAlias, PlateReading, Sighting, Correction),
    )
    rows = [list(one._default_manager.order_by("pk").values_list()) for one in kinds]
    return [*rows, list(User.objects.values_list("username", "password", "is_staff", "only_chosen_cameras"))]


def queries(hidden: Values) -> Iterator[Mapping[str, object]]:
    """Nothing; filters that name hidden rows; and searches for all but the end of hidden texts."""
    yield {}
    for name in ("camera", "node", "image", "plate"):
        yield from ({name: number} for number in hidden[f"{name}_id"])
    for text in (f"owner{MARK}", f"far{MARK}", "ZQZQ"):
        yield {"q": text[:-1]}
    for query in ("plate=ZQZ", "list=any", "group=visit", f"label=label{MARK}"[:-1], f"roi=area{MARK}"[:-1]):
        name, text = query.split("=")
        yield {name: text}
    yield from ({"kind": f"kind{MARK}"[:-1]}, {"list": "unknown"}, {"day": "2026-05-17"})


def test_every_address_is_classified() -> None:
    known = [one for one in routes() if not for_staff(one) or one.name in STAFF]
    assert {one.name for one in known} == set().union(*CLASSES), "give a new address a class above"
    assert sum(len(one) for one in CLASSES) == len(known), "an address has one class"


def test_a_stranger_is_refused_everywhere_else_than_at_the_open_ones(client: Client, site: Site) -> None:
    wrong = []
    for route in routes():
        for address in route.addresses(site.hidden):
            for method in METHODS:
                response = ask(client, method, address)
                right = OPEN.get(route.name, REFUSED) if method == "get" or route.name not in OPEN else None
                if (told := tells(response)) or (right and response.status_code not in right):
                    wrong.append((method, address, response.status_code, told))
    assert wrong == []


def test_nothing_of_other_cameras_reaches_a_limited_viewer(site: Site) -> None:
    wrong, before = [], rows_now()
    client = enter(site.viewer)
    for route in routes():
        for address in route.addresses(site.hidden):
            for query in queries(site.hidden) if route.name in LISTS else [{}]:
                response = ask(client, "get", address, query)
                gives = response.status_code not in NOT_GIVEN
                if (told := tells(response)) or (gives and (for_staff(route) or route.name in ROWS | EDITED | SET_UP)):
                    wrong.append((address, query, response.status_code, told))
    assert wrong == []
    assert rows_now() == before


def test_a_limited_viewer_changes_nothing(site: Site) -> None:
    wrong, before = [], rows_now()
    for route in routes():
        client = enter(site.viewer)  # the route before may have ended the session
        personal = route.name in PERSONAL | DOORS | set(OPEN)
        for address in {*route.addresses(site.hidden), *route.addresses(site.own)}:
            for method in METHODS[2:]:
                response = ask(client, method, address)
                if (told := tells(response)) or (response.status_code not in NOT_GIVEN and not personal):
                    wrong.append((method, address, response.status_code, told))
    assert wrong == []
    assert rows_now() == before


def test_a_limited_viewer_finds_the_own_rows(site: Site) -> None:
    client = enter(site.viewer)
    for route in routes():
        if route.name in LISTS | ROWS | EDITED:
            wanted = 403 if route.name in EDITED else 200
            for address in route.addresses(site.own):
                assert ask(client, "get", address).status_code == wanted, address


def test_the_marks_are_where_they_would_be_found(site: Site) -> None:
    client = enter(User.objects.create_user("ben"))
    for route in routes():
        if route.name in LISTS | ROWS:
            for address in route.addresses(site.hidden):
                assert tells(ask(client, "get", address)), address


@pytest.mark.parametrize("person", ["cleo", "ben"])
def test_every_link_leads_somewhere(site: Site, person: str) -> None:
    client = enter(User.objects.get_or_create(username=person)[0])
    told = spider(lambda address: ask(client, "get", address))
    assert {address: answer.status_code for address, answer in told.items() if answer.status_code != 200} == {}
    assert any(tells(answer) for answer in told.values()) == (person == "ben")
    shown = [route for route in routes() if route.name in LISTS | ROWS]
    assert {address for route in shown for address in route.addresses(site.own)} <= {urlsplit(one).path for one in told}


def spider(get: Callable[[str], HttpResponseBase]) -> dict[str, HttpResponseBase]:
    """The answers to the first page, and to everything that it and its links lead to."""
    found: dict[str, HttpResponseBase] = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address.startswith(ENDLESS) and sum(one.startswith(ENDLESS) for one in found) >= MOST_OF_IT:
            continue
        found[address] = answer = get(address)
        if answer.headers["Content-Type"].startswith("text/html"):
            waiting += {one for one in links(address, answer) if one not in found and one not in waiting}
    return found


def links(address: str, answer: HttpResponseBase) -> Iterator[str]:
    """What a page leads to on this site, without the style sheets and scripts, and the way to sign in again."""
    page = answer.content.decode()  # type: ignore[attr-defined]
    for written in re.findall(r'(?:href|src|hx-get|data-picture|data-list)="([^"#]+)', page):
        parts = urlsplit(urljoin(address, html.unescape(written)))
        if not parts.netloc and not parts.scheme and not parts.path.startswith(("/static/", "/login/")):
            yield parts.path + (f"?{parts.query}" if parts.query else "")
