"""Every page of the site and of the admin as the resolver knows them, each with rows that are there.

A page whose address has an argument that nothing here gives a value for ends the benchmark: none is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.test import Client

from benchmarks.web_examples import plate, queries, user, values
from benchmarks.web_others import LIMITED, STAFF
from tests.routes import Route, routes

FORMS = {
    *("web:pictures", "web:plate_correction_undo", "web:reading_correct", "web:sighting_correct", "web:logout"),
    *(
        "web:theme",
        "accounts:profile",
        "accounts:end_session",
        "accounts:end_other_sessions",
        "admin:logout",
        "admin:password_change",
    ),
}
"""What takes forms only, or is done elsewhere."""
ASKED = {
    "admin:autocomplete": "?app_label=cameras&model_name=image&field_name=camera&term=node",
    "web:event_timeline_step": "?days=31&step=100",
}
"""What they have to be asked."""
NOT_READ = {
    "admin:view_on_site": "leads to the page of a row; images say theirs without it",
    "web:live_picture": "a picture that the broker keeps for seconds, of a camera that sends just now",
}
ANSWERS_OTHERWISE = {"admin:login": 403, "web:login": 302, "web:readyz": 503, "web:favicon": 302} | {
    "admin:plates_platesettings_changelist": 302
}


FOR_STAFF = {
    *("web:camera_settings", "web:node_settings", "web:camera_zones", "web:plate_merge", "web:styleguide"),
    *("web:camera_add", "web:node_imagenode", "web:metrics"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """An address and who opens it; `key` is the same in both databases."""

    key: str
    address: str
    who: str
    status: int = 200

    @property
    def name(self) -> str:
        """How the figures call it."""
        return f"/{self.key} for {self.who}"


def pages(only: str = "") -> list[Page]:
    """All of them for the database that is turned to; those whose name has a text in it."""
    wanted = only.partition("?")[0].partition(" for ")[0]
    found = [
        Page(*one)
        for route in routes()
        if is_page(route) and wanted in f"/{route.path}"
        for one in (admin_pages(route) if route.path.startswith("admin/") else own_pages(route))
    ]
    return [one for one in found if only in one.name]


def is_page(route: Route) -> bool:
    """Whether a page answers there; Django's admin has addresses without a name, which lead elsewhere."""
    return not route.name.endswith(":") and route.name not in FORMS | NOT_READ.keys()


def own_pages(route: Route) -> Iterator[tuple[str, str, str, int]]:
    """A page of the site with all its examples, for staff and for who is limited to two cameras."""
    for who in (STAFF, LIMITED):
        if route.name in FOR_STAFF and who == LIMITED:
            continue
        for address in route.addresses(values(route, who)):
            status = ANSWERS_OTHERWISE.get(route.name, 200)
            yield route.path, f"{address}{ASKED.get(route.name, '')}", who, status
            for label, query in queries(route.name, who).items():
                yield f"{route.path}?{label}", f"{address}?{query}", who, 200


def admin_pages(route: Route) -> Iterator[tuple[str, str, str, int]]:
    """A page of the admin: of a row in the middle, and lists searched, further on, and by each of their filters."""
    found = admin_values(route.name)
    for address in route.addresses({name: [value] for name, value in found.items()}):
        yield route.path, f"{address}{ASKED.get(route.name, '')}", STAFF, admin_status(route.name)
        if route.name.endswith("_changelist"):
            for label, query in list_queries(route.name, address).items():
                yield f"{route.path}?{label}", f"{address}?{query}", STAFF, 200


def admin_status(name: str) -> int:
    """What it answers to staff; machine data is neither added nor deleted by hand."""
    model = model_of(name)
    return ANSWERS_OTHERWISE.get(name, -1 if model and name.endswith(("_add", "_delete")) else 200)


def model_of(name: str) -> Any:
    """The model that the name of an admin's page says, if any."""
    said = name.removeprefix("admin:").split("_")
    return apps.all_models.get(said[0], {}).get(said[1]) if len(said) == 3 else None


def admin_values(name: str) -> dict[str, object]:
    """What stands for the arguments of an admin's page."""
    model = model_of(name)
    rows = model._default_manager.order_by("pk") if model else None
    row = rows.filter(pk__gte=rows.last().pk // 2).first() if rows is not None and rows.exists() else None
    if model and row is None:
        raise SystemExit(f"{name} has no example: have {__name__.replace('pages', 'others')} make a row")
    others: dict[str, object] = {"app_label": "cameras", "content_type_id": 1, "id": row.pk if row else 1}
    return others | {"object_id": row.pk if row else 1, "url": "none"}


def list_queries(name: str, address: str) -> dict[str, str]:
    """Search, a page far back, and the last choice of every filter that the list offers."""
    client = Client()
    client.force_login(user(STAFF))
    answer = client.get(address)
    if answer.status_code == 302:  # the list of one row
        return {}
    shown: Any = (answer.context_data or {})["cl"]
    search = {"text": plate(STAFF).text, "number": "5000", "nothing": "zzzz"} if shown.search_fields else {}
    found = {f"search of a {label}": f"q={text}" for label, text in search.items()}
    if shown.paginator.num_pages > 2:
        found["far back"] = f"p={shown.paginator.num_pages}"
    for one in shown.filter_specs:
        choices = list(one.choices(shown))
        found |= {f"by {one.title}, {c['display']}": c["query_string"].removeprefix("?") for c in choices[1:][-2:]}
    return found
