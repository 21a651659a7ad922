"""SQL queries of every page that answers GET, the admin's too, with many rows of every kind."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator

import django

NO_BROKER = "redis://127.0.0.1:1/0"


def measure() -> dict[str, float]:
    """queries_max: the most queries that one page took, for staff and for a limited viewer."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DATABASE_URL": "", "REDIS_URL": NO_BROKER}
        os.environ["DJANGO_SETTINGS_MODULE"] = "librarian_project.settings"
        django.setup()
        logging.disable(logging.CRITICAL)  # every request, and that there is no broker
        from django.core.management import call_command
        from django.test.utils import override_settings, setup_test_environment

        from benchmarks.pages_rows import fill

        setup_test_environment()
        call_command("migrate", verbosity=0)
        fill()
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        with override_settings(STORAGES={"staticfiles": plain}, STATIC_ROOT=None):
            counted = sorted(counts(), reverse=True)
    assert counted, "no page answered"
    for count, page in counted[:5]:
        print(f"  {count} queries: {page}", flush=True)
    return {"queries_max": counted[0][0]}


def counts() -> Iterator[tuple[int, str]]:
    """The queries of each page that answered, and its address."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User

    for name in ("staff", "limited"):
        client = Client()
        client.force_login(User.objects.get(username=name))
        for address in addresses():
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address)
            if answer.status_code == 200:
                yield len(queries), f"{address} for {name}"


def addresses() -> Iterator[str]:
    """Every address that the resolver knows, with a row that is there; lists also searched, narrowed and further on."""
    from tests.routes import routes

    for route in routes():
        for address in route.addresses(values(route.name)):
            yield address
            if route.name.endswith("_changelist"):
                yield f"{address}?q=1"
            elif route.name.startswith("web:") and not route.arguments:
                yield from (f"{address}?camera=1", f"{address}?q=AB", f"{address}?day=2026-05-17", f"{address}?node=1")


def values(name: str) -> dict[str, list[object]]:
    """What stands for the arguments of an address: a row of the model that the name of an admin's page says."""
    from django.apps import apps

    said = name.removeprefix("admin:").split("_")
    model = apps.all_models.get(said[0], {}).get(said[1]) if len(said) == 3 else None
    row = model._default_manager.first() if model else None
    own = ("image", "camera", "node", "plate", "visit", "sighting", "reading", "correction", "content_type")
    rows: dict[str, int | str] = {"id": 1, "chart": "objects", **{f"{one}_id": 1 for one in own}}
    others = {"object_id": row.pk if row else 1, "uidb64": "MQ", "token": "x", "app_label": "cameras", "url": "none"}
    others |= {"receiver_id": "hub", "slot": "0123456789abcdef"}
    return {key: [value] for key, value in (rows | others).items()}
