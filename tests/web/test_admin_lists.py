"""No page of the admin asks the database more because there is more to show, and none reads a whole table."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from cameras.models import Camera, CameraAlias, DeadLetter, Event, Image, Node, NodeAlias, Tombstone, Visit
from cloud.models import CloudCall, CloudRun
from detections.models import Detection, DetectionRun
from plates.models import Plate, PlateReading, RecognitionRun, Sighting
from tests.web.making import AT, add_object, add_reading, make_camera, make_image

MODELS: list[type[Model]] = [
    *(Camera, CameraAlias, DeadLetter, Event, Image, Node, NodeAlias, Tombstone, Visit),
    *(Detection, DetectionRun, Plate, PlateReading, RecognitionRun, Sighting),
    *(CloudRun, CloudCall),
]
BIG = (
    *(Image, Event, Visit, Tombstone, Detection, DetectionRun, PlateReading, RecognitionRun, Sighting),
    *(CloudRun, CloudCall),
)


@pytest.fixture
def staff(log_in: Callable[..., Client]) -> Client:
    return log_in("anna", is_staff=True, is_superuser=True)


def address(model: type[Model], page: str = "changelist", *arguments: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def add_rows(number: int) -> None:
    """So many more rows of every model, half of their keys to rows of their own, half to the very first ones."""
    for _ in range(number):
        camera = make_camera(f"node {uuid.uuid4()}", "Front")
        image = make_image(camera, files=False)
        plate = Plate.objects.create(text=uuid.uuid4().hex[:12].upper())
        visit = Visit.objects.create(camera=camera, started_at=AT, ended_at=AT)
        add_all(image, visit, plate, Sighting.objects.create(visit=visit, plate=plate, text=plate.text, at=AT))
        first = Image.objects.order_by("pk")[0]
        sighting = Sighting.objects.order_by("pk")[0]
        add_all(first, sighting.visit, Plate.objects.order_by("pk")[0], sighting)


def add_all(image: Image, visit: Visit, plate: Plate, sighting: Sighting) -> None:
    """What belongs to an image, a visit, a plate, a sighting, a camera and a node."""
    other, person = make_image(image.camera, files=False, visit=visit), User.objects.get(username="anna")
    CloudCall.objects.create(image=image, begun_at=AT)
    add_object(image)
    add_reading(image, plate=plate, sighting=sighting, corrected_by=person)
    Sighting.objects.create(visit=visit, plate=plate, text=plate.text, at=AT, best_image=image)
    DeadLetter.objects.create(task="object detection", subject=str(other.pk), image=image, reason="no memory")
    Event.objects.create(
        message_id=uuid.uuid4(), node=image.camera.node, camera=image.camera, kind="x", text="x", at=AT
    )
    Tombstone.objects.create(message_id=uuid.uuid4(), path=f"images/{uuid.uuid4()}.jpg")
    NodeAlias.objects.create(name=str(uuid.uuid4()), node=image.camera.node)
    CameraAlias.objects.create(node=image.camera.node, view=str(uuid.uuid4()), camera=image.camera)
    Camera.objects.create(node=image.camera.node, view=str(uuid.uuid4())).viewers.add(person)


def queries(client: Client, page: str) -> list[str]:
    client.get(page)  # what is remembered between requests is remembered now
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200, page
    return [query["sql"] for query in captured.captured_queries]


def test_lists_and_pages_ask_as_much_for_a_hundred_rows_as_for_one(staff: Client) -> None:
    add_rows(1)
    pages = [address(model) for model in MODELS]
    pages += [address(model, "change", model._default_manager.order_by("pk")[0].pk) for model in MODELS]
    pages.append(reverse("admin:index"))
    few = {page: len(queries(staff, page)) for page in pages}
    add_rows(50)
    small = {model: model._default_manager.count() for model in (Camera, Node, Plate, DetectionRun)}
    assert small == {Camera: 153, Node: 51, Plate: 51, DetectionRun: 153}
    many = {page: len(queries(staff, page)) for page in pages}
    assert {page: (few[page], many[page]) for page in pages if many[page] > few[page]} == {}


FILTERS = [
    *(f"cameras/image/?{one}" for one in ("", "camera=1", "kept=yes", "problem=yes", "objects=failed", "plates=done")),
    *(f"cameras/image/?{one}" for one in ("received_at__year=2026", "received_at__from_day=2026-05-01")),
    *(f"cameras/image/?q={one}" for one in ("1", "images/2026", "018f3c1e-0000-7000-8000-000000000000")),
    *(f"cameras/event/?{one}" for one in ("", "camera=1", "kind=motion", "node=1", "at__year=2026", "q=motion")),
    *(f"cameras/visit/?{one}" for one in ("", "camera=1", "started_at__year=2026")),
    *(f"cameras/tombstone/?{one}" for one in ("", "q=images/2026", "purged_at__year=2026")),
    *(
        f"detections/detection/?{one}"
        for one in ("", "label=car", "camera=1", "q=1", "image__received_at__from_day=2026-05-01")
    ),
    *(f"detections/detectionrun/?{one}" for one in ("", "status__exact=failed", "q=1")),
    *(f"plates/recognitionrun/?{one}" for one in ("", "status__exact=failed", "q=1")),
    *(f"plates/platereading/?{one}" for one in ("", "camera=1", "q=KV482BT", "q=1", "at__year=2026")),
    *(f"plates/sighting/?{one}" for one in ("", "q=KV482BT", "at__year=2026", "status__exact=unknown")),
]


FEW = ("q=KV482BT", "q=1")
"""Searches that leave the rows of one plate or one image, which may be sorted."""


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the plans of SQLite")
@pytest.mark.parametrize("page", FILTERS)
def test_every_list_is_read_by_an_index_in_its_order(staff: Client, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cameras.admin_lists.LibrarianAdmin.list_per_page", 1)  # as on the first of many pages
    add_rows(2)
    tables = "|".join(model._meta.db_table for model in BIG)
    asked = [sql for sql in queries(staff, "/admin/" + page) if re.search(rf'FROM "({tables})"', sql)]
    assert len(asked) >= 2, "the count and the rows"
    for sql in asked:
        steps = "\n".join(plan(sql))
        scanned = re.search(rf"SCAN ({tables})", steps)
        assert not scanned or ("LIMIT" in sql and "WHERE" not in sql), (sql, steps)
        assert " IN (" in sql or page.endswith(FEW) or "TEMP B-TREE FOR ORDER BY" not in steps, (sql, steps)


def plan(sql: str) -> list[str]:
    """The steps in which SQLite answers a query."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [row[3] for row in cursor.fetchall()]


def test_no_list_counts_all_its_rows() -> None:
    """Django's own way of counting, and its drill-down by date, read every row."""
    for model in BIG:
        listing = admin.site.get_model_admin(model)
        assert not listing.show_full_result_count
        assert listing.show_facets == admin.ShowFacets.NEVER
        assert listing.paginator.__name__ == "CappedPaginator"


def test_pages_of_the_admin_run_no_script_and_no_style_of_their_own(staff: Client) -> None:
    add_rows(1)
    for model in MODELS:
        for page in (address(model), address(model, "change", model._default_manager.order_by("pk")[0].pk)):
            html = staff.get(page).content.decode()
            assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)(?![^>]*application/json)", html), (
                page
            )
