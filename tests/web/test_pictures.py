"""What people do with pictures that they chose."""

from __future__ import annotations

import csv
import dataclasses
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.http import HttpResponseBase
from django.test import Client
from kombu.exceptions import OperationalError

import environment
from accounts.models import User
from cameras.models import Camera, Image, Tombstone, Visit
from plates.models import Plate
from tests.web.making import AT, JPEG, add_object, make_camera, make_image, make_plate, make_visit, text_of

PICTURES = "/gallery/pictures/"


@pytest.fixture
def staff(log_in: Callable[..., Client]) -> Client:
    return log_in("anna", is_staff=True)


def do(client: Client, action: str, *images: Image, **fields: str) -> HttpResponseBase:
    return client.post(PICTURES, {"action": action, "picture": [one.pk for one in images], **fields})


def bytes_of(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def allow(name: str, *permissions: str) -> None:
    found = Permission.objects.filter(codename__in=permissions)
    User.objects.get(username=name).user_permissions.add(*found)


def test_it_keeps_and_stops_keeping(staff: Client, camera: Camera) -> None:
    images = [make_image(camera) for _ in range(3)]
    response = do(staff, "keep", *images[:2], next="/gallery/?day=2026-05-17")
    assert response.headers["Location"] == "/gallery/?day=2026-05-17"
    assert list(Image.objects.order_by("pk").values_list("keep", flat=True)) == [True, True, False]
    assert text_of(staff, "/gallery/").count("data-kept>") == 2
    do(staff, "release", *images)
    assert not Image.objects.filter(keep=True).exists()
    assert LogEntry.objects.count() == 4


def test_it_tells_a_script_in_a_word(staff: Client, camera: Camera) -> None:
    image = make_image(camera)
    body = {"action": "keep", "picture": image.pk}
    assert staff.post(PICTURES, body, headers={"X-Requested-With": "fetch"}).status_code == 204
    assert Image.objects.get().keep


def test_it_asks_before_it_deletes(staff: Client, camera: Camera) -> None:
    kept, other = make_image(camera, keep=True), make_image(camera)
    page = do(staff, "delete", kept, other).content.decode()  # type: ignore[attr-defined]
    assert "Delete 2 pictures" in page and "1 of them is marked to be kept" in page
    assert Image.objects.count() == 2


def test_it_deletes_files_findings_and_visits_that_are_left_empty(
    staff: Client, camera: Camera, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = dataclasses.replace(environment.current(), data_dir=data_dir)
    monkeypatch.setattr(environment, "current", lambda: env)
    alone, shared = make_visit(camera, 0), make_visit(camera, 2, AT + timedelta(hours=1))
    first = make_image(camera, visit=alone)
    add_object(first)
    make_plate("KV482BT", first)
    gone = shared.images.order_by("-received_at")[0]
    do(staff, "delete", first, gone, confirmed="yes")
    assert list(Visit.objects.all()) == [shared]
    assert not first.file.exists() and not first.thumbnail.exists()
    assert set(Tombstone.objects.values_list("message_id", flat=True)) == {first.message_id, gone.message_id}
    assert not Plate.objects.exists() and Image.objects.count() == 1
    shared.refresh_from_db()
    assert shared.ended_at == shared.started_at and shared.stale
    assert LogEntry.objects.filter(action_flag=3).count() == 2


def test_it_has_them_looked_at_anew(staff: Client, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Image] = []
    monkeypatch.setattr("web.views.pictures.reprocess", seen.extend)
    image = make_image(camera)
    do(staff, "reprocess", image)
    assert seen == [image]

    def fail(_: object) -> None:
        raise OperationalError("nobody there")

    monkeypatch.setattr("web.views.pictures.reprocess", fail)
    do(staff, "reprocess", image)
    assert "The broker does not answer" in text_of(staff, "/gallery/")


def test_it_packs_a_zip_with_a_table(viewer: Client, camera: Camera) -> None:
    images = [make_image(camera, AT + timedelta(seconds=number)) for number in range(3)]
    images[1].file.unlink()
    response = do(viewer, "zip", *images)
    assert response.streaming and "no-store" in response.headers["Cache-Control"]
    archive = zipfile.ZipFile(io.BytesIO(bytes_of(response)))
    assert archive.testzip() is None
    names = [f"2026-05-17/{image}" for image in (images[2], images[0])]
    assert archive.namelist() == [*names, "pictures.csv", "missing.txt"]
    assert archive.read(names[0]) == JPEG and str(images[1]) in archive.read("missing.txt").decode()
    assert archive.getinfo(names[1]).date_time == (2026, 5, 17, 12, 30, 14)  # a ZIP counts in steps of two seconds


def test_it_never_packs_what_lies_outside_of_the_folder_of_images(viewer: Client, camera: Camera) -> None:
    image = make_image(camera, files=False, path="images/../../../etc/hostname")
    archive = zipfile.ZipFile(io.BytesIO(bytes_of(do(viewer, "zip", image))))
    assert archive.namelist() == ["pictures.csv", "missing.txt"]


def test_it_writes_a_table_that_no_spreadsheet_calculates(viewer: Client, camera: Camera) -> None:
    image = make_image(make_camera("=1+1", ""), keep=True)
    add_object(image, "car")
    add_object(image, "car", box=(300, 20, 500, 220))
    make_plate("KV482BT", image)
    rows = list(csv.DictReader(io.StringIO(bytes_of(do(viewer, "csv", image)).decode())))
    assert len(rows) == 1
    wanted = {"camera": "'=1+1", "objects": "2 car", "plates": "KV482BT", "kept": "kept"}
    assert {name: rows[0][name] for name in wanted} == wanted
    assert rows[0]["received at"] == "2026-05-17T12:30:15.123456+02:00"


@pytest.mark.parametrize("action", ["keep", "release", "reprocess", "delete"])
def test_it_lets_only_those_change_pictures_who_may(viewer: Client, camera: Camera, action: str) -> None:
    image = make_image(camera)
    assert do(viewer, action, image, confirmed="yes").status_code == 403
    page = text_of(viewer, "/gallery/")
    assert f'value="{action}"' not in page and 'value="zip"' in page


def test_deleting_wants_a_right_of_its_own(viewer: Client, camera: Camera) -> None:
    image = make_image(camera)
    allow("ben", "change_image")
    assert do(viewer, "keep", image).status_code == 302
    assert do(viewer, "delete", image, confirmed="yes").status_code == 403
    allow("ben", "delete_image")
    assert do(viewer, "delete", image, confirmed="yes").status_code == 302 and not Image.objects.exists()


@pytest.mark.parametrize("action", ["keep", "delete", "zip", "csv"])
def test_a_limited_viewer_reaches_own_pictures_only(limited: Client, camera: Camera, action: str) -> None:
    allow("cleo", "change_image", "delete_image")
    own, other = make_image(camera), make_image(make_camera("Garden", "Pool"))
    assert do(limited, action, own, other, confirmed="yes").status_code == 404
    assert Image.objects.filter(keep=False).count() == 2
    assert do(limited, action, own, confirmed="yes").status_code in {200, 302}


def test_it_says_what_is_missing(staff: Client, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.views.pictures.MOST", 1)
    images = [make_image(camera) for _ in range(2)]
    for response in (do(staff, "keep"), do(staff, "nothing", images[0]), do(staff, "keep", *images)):
        assert response.status_code == 302
    assert text_of(staff, "/gallery/").count("Choose some pictures, at most 1 at once") == 3
    assert do(staff, "keep", next="https://elsewhere.example/").headers["Location"] == "/gallery/"
    assert staff.post(PICTURES, {"action": "keep", "picture": "x"}).status_code == 404
    assert staff.get(PICTURES).status_code == 405


def test_the_page_of_a_picture_has_what_may_be_done_with_it(staff: Client, viewer: Client, camera: Camera) -> None:
    older, image = make_image(camera), make_image(camera, AT + timedelta(seconds=1))
    address, neighbour = f"/images/{image.pk}/", f"/images/{older.pk}/"
    assert 'action="/gallery/pictures/"' not in text_of(viewer, address)
    allow("anna", "delete_image")
    page = text_of(staff, address)
    for action in ("keep", "reprocess", "delete"):
        assert f'name="action" value="{action}"' in page
    assert f'name="after" value="{neighbour}"' in page
    asked = do(staff, "delete", image, next=address, after=neighbour).content.decode()  # type: ignore[attr-defined]
    assert f'href="{address}"' in asked and f'name="next" value="{neighbour}"' in asked
    elsewhere = do(staff, "delete", image, next="javascript:alert(1)", after="//elsewhere.example/")
    assert b"elsewhere" not in elsewhere.content and b"javascript" not in elsewhere.content  # type: ignore[attr-defined]
    assert do(staff, "delete", image, confirmed="yes", next=neighbour).headers["Location"] == neighbour
    do(staff, "keep", older, next=neighbour)
    assert 'name="action" value="release" aria-pressed="true"' in text_of(staff, neighbour)
