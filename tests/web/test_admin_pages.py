"""What lists and pages of the admin show: pictures, links, filters, search."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from cameras.models import Camera, DeadLetter, Event, Image, Visit
from detections.models import Detection, DetectionRun
from plates.models import Plate, PlateReading, RecognitionRun
from tests.web.making import AT, add_object, add_reading, make_camera, make_event, make_image


@pytest.fixture
def staff(log_in: Callable[..., Client]) -> Client:
    return log_in("anna", is_staff=True, is_superuser=True)


def address(model: type[Model], page: str = "changelist", *arguments: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def test_days_narrow_a_list(staff: Client) -> None:
    camera = make_camera("gate", "Front")
    for days in (0, 1, 40):
        make_image(camera, AT - timedelta(days=days), files=False)
    page = staff.get(address(Image)).content.decode()
    assert ">April 2026</a>" in page and ">May 2026</a>" in page and "March 2026" not in page
    page = staff.get(address(Image), {"received_at__year": 2026, "received_at__month": 5}).content.decode()
    assert "2 images" in page
    assert ">17 May</a>" in page and ">18 May</a>" not in page
    for day, number in (("17", 1), ("16", 1), ("15", 0)):
        asked = {"received_at__year": "2026", "received_at__month": "5", "received_at__day": day}
        assert f"{number} image" in staff.get(address(Image), asked).content.decode()


def test_a_range_of_days_narrows_a_list_by_the_sites_time_zone(staff: Client) -> None:
    camera = make_camera("gate", "Front")
    late = AT.replace(hour=22, minute=30)  # half past midnight of the next day in Berlin
    make_image(camera, late, files=False)
    field = "received_at"
    for first, last, number in (("18", "18", 1), ("17", "17", 0), ("17", "18", 1), ("", "17", 0)):
        days = {f"{field}__from_day": first and f"2026-05-{first}", f"{field}__to_day": f"2026-05-{last}"}
        page = staff.get(address(Image), days).content.decode()
        assert f"{number} image" in page, (first, last)
    for nonsense in ("x", "0001-01-01", "9999-12-31"):
        assert staff.get(address(Image), {f"{field}__from_day": nonsense}).status_code == 200


def test_words_are_found_in_what_they_can_be(staff: Client) -> None:
    image = make_image(make_camera("gate", "Front"), path="images/2026-05-17/gate-Front-2026-05-17T12.30.15.123456.jpg")
    other = make_image(image.camera)
    for word in (str(image.pk), str(image.message_id), "images/2026-05-17/gate", "gate-Front-2026-05-17T12"):
        page = staff.get(address(Image), {"q": word}).content.decode()
        assert f"/image/{image.pk}/change/" in page and f"/image/{other.pk}/change/" not in page, word
    add_reading(image, plate=Plate.objects.create(text="KV482BT"))
    assert "1 plate reading" in staff.get(address(PlateReading), {"q": "kv-482-bt"}).content.decode()


def test_pictures_come_from_the_pages_that_ask_who_may_see_them(staff: Client) -> None:
    image = make_image(make_camera("gate", "Front"))
    detection = add_object(image, box=(10, 20, 110, 220))
    for model in (Image, Detection, DetectionRun, Camera):
        assert f'src="/images/{image.pk}/thumbnail.jpg"' in staff.get(address(model)).content.decode(), model
    page = staff.get(address(Detection, "change", detection.pk)).content.decode()
    assert f'src="/images/{image.pk}/file.jpg"' in page
    assert '<rect x="10.0" y="20.0" width="100.0" height="200.0"/>' in page


def test_an_image_leads_to_all_that_belongs_to_it(staff: Client) -> None:
    image = make_image(make_camera("gate", "Front"))
    rows: list[Model] = [image.camera, DetectionRun.objects.get(), RecognitionRun.objects.get()]
    rows += [add_object(image), add_reading(image)]
    rows.append(DeadLetter.objects.create(task="object detection", subject=str(image.pk), image=image, reason="x"))
    page = staff.get(address(Image, "change", image.pk)).content.decode()
    for row in rows[1:]:
        assert f'href="{address(type(row), "change", row.pk)}"' in page, row
    assert f'href="{address(Camera, "change", image.camera.pk)}"' in staff.get(address(Image)).content.decode()
    camera = staff.get(address(Camera, "change", image.camera.pk)).content.decode()
    assert f'href="{address(Image)}?camera={image.camera.pk}"' in camera


def test_retired_cameras_are_listed_only_when_asked_for(staff: Client) -> None:
    camera = make_camera("gate", "Front")
    Camera.objects.update(retired_at=AT)
    make_camera("yard", "Back")
    page = address(Camera, "change", camera.pk)
    assert page not in staff.get(address(Camera)).content.decode()
    assert page in staff.get(address(Camera), {"retired": "yes"}).content.decode()
    assert staff.get(page).status_code == 200
    assert ">gate Front<" not in staff.get(address(Image)).content.decode()
    assert "gate Front (retired)" in staff.get(address(Image), {"camera": camera.pk}).content.decode()


def test_retired_cameras_are_not_offered_for_an_image(staff: Client) -> None:
    make_camera("yard", "Front")
    retired = make_camera("gate", "Front")
    Camera.objects.filter(pk=retired.pk).update(retired_at=AT)
    asked = {"term": "Front", "app_label": "cameras", "model_name": "image", "field_name": "camera"}
    offered = staff.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert [one["text"] for one in offered] == ["yard Front"]
    image = make_image(retired)
    page = address(Image, "change", image.pk)
    assert staff.post(page, {"camera": retired.pk, "keep": "on"}).status_code == 302, "it keeps the one that it has"
    assert ">gate Front<" in staff.get(address(Camera), {"retired": "all", "q": "Front"}).content.decode()


FAR = ("9" * 20, "-" + "9" * 20, "9" * 5000)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        *((model, "camera") for model in (Image, Event, Visit, Detection, PlateReading)),
        *((Event, name) for name in ("node", "node__id__exact", "at__year", "at__month", "at__gte")),
        *((Camera, name) for name in ("node", "node__id__exact")),
        *((Image, name) for name in ("received_at__year", "received_at__day")),
        *((model, "p") for model in (Image, Camera)),
    ],
)
def test_figures_that_nothing_can_be_are_wrong_but_no_fault(staff: Client, model: type[Model], name: str) -> None:
    make_event(make_camera("gate", "Front"))
    for number in FAR:
        answer = staff.get(address(model), {name: number}, follow=True)
        assert answer.status_code == 200
        assert name != "camera" or not number.isdecimal() or "?e=1" in answer.redirect_chain[0][0]


@pytest.mark.parametrize(
    "days",
    [
        *({"year": year} for year in ("0", "1", "9999", "-1", "x")),
        {"year": "9999", "month": "12"},
        {"year": "9999", "month": "12", "day": "31"},
        {"year": "2026", "month": "13"},
    ],
)
def test_days_out_of_the_calendar_are_wrong_but_no_fault(staff: Client, days: dict[str, str]) -> None:
    make_event(make_camera("gate", "Front"))
    for model, field in ((Event, "at"), (Image, "received_at")):
        asked = {f"{field}__{name}": value for name, value in days.items()}
        assert staff.get(address(model), asked, follow=True).status_code == 200
