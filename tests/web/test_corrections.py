"""Corrections on the pages: one press, who may, the log, undoing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from cameras.models import Camera, Visit
from plates.models import Correction, Plate, PlateReading, Sighting
from plates.sightings import merge_sightings
from tests.web.making import AT, add_reading, followed, make_camera, make_plate, make_visit, text_of


def read_visit(camera: Camera, *texts: str, at: timedelta = timedelta(0), sure: float = 0.8) -> Visit:
    """A visit that is over, on whose pictures these texts were read, each a little less sure."""
    visit = make_visit(camera, pictures=len(texts), at=AT + at, closed_at=AT)
    for number, (image, text) in enumerate(zip(visit.images.order_by("received_at"), texts, strict=True)):
        add_reading(image, text, confidence=sure - number / 100)
    merge_sightings(visit.pk, closing=True)
    return visit


def texts(visit: Visit) -> list[tuple[str, str, str | None]]:
    rows = visit.sightings.select_related("plate").order_by("at", "pk")
    return [(one.text, one.status, one.plate.text if one.plate else None) for one in rows]


def allow(name: str, *codenames: str) -> None:
    permissions = Permission.objects.filter(codename__in=codenames, content_type__app_label="plates")
    User.objects.get(username=name).user_permissions.add(*permissions)


@pytest.fixture
def anna(log_in: Callable[..., Client]) -> Client:
    return log_in("anna", is_staff=True)


def test_one_press_says_what_a_vehicle_is_with_all_its_readings(anna: Client, camera: Camera) -> None:
    visit = read_visit(camera, "XX777YY", "XX777VY", "XX777YY")
    seen = visit.sightings.get()
    assert f'action="/sightings/{seen.pk}/correct/"' in text_of(anna, f"/visits/{visit.pk}/")
    answer = anna.post(f"/sightings/{seen.pk}/correct/", {"text": "kv 482-bt", "next": f"/visits/{visit.pk}/"})
    assert answer.headers["Location"] == f"/visits/{visit.pk}/"
    assert texts(visit) == [("KV482BT", "matched", "KV482BT")]
    made = Correction.objects.get()
    assert (made.was, made.text, made.readings, str(made.by)) == ("XX777YY", "KV482BT", 3, "anna")
    assert not Plate.objects.filter(text="XX777YY").exists()


def test_one_reading_or_all_alike_are_corrected(anna: Client, camera: Camera) -> None:
    visits = [read_visit(camera, "XX777YY", at=timedelta(minutes=number)) for number in range(3)]
    one = PlateReading.objects.get(image__visit=visits[0])
    anna.post(f"/readings/{one.pk}/correct/", {"text": "KV482BT"})
    assert [texts(visit)[0][2] for visit in visits] == ["KV482BT", "XX777YY", "XX777YY"]
    other = PlateReading.objects.get(image__visit=visits[1])
    answer = anna.post(f"/readings/{other.pk}/correct/", {"text": "KV482BT", "alike": "1"}, follow=True)
    assert "Everything read as XX777YY is KV482BT." in answer.content.decode()
    assert [texts(visit)[0][2] for visit in visits] == ["KV482BT"] * 3


def test_what_is_no_plate_is_none_and_what_cannot_be_one_is_told(anna: Client, camera: Camera) -> None:
    visit = read_visit(camera, "TAX1ABC", "TAX1ABC")
    seen = visit.sightings.get()
    for text, said in (("", "Write the plate"), ("–", "cannot be a plate"), ("A" * 17, "too long")):
        answer = anna.post(f"/sightings/{seen.pk}/correct/", {"text": text}, follow=True)
        assert said in answer.content.decode() and not Correction.objects.exists()
    answer = anna.post(f"/sightings/{seen.pk}/correct/", {"none": "1"}, follow=True)
    assert "TAX1ABC is no plate." in answer.content.decode()
    assert texts(visit) == [] and not Plate.objects.exists()
    image = visit.images.order_by("received_at")[0]
    assert "Not a plate" in text_of(anna, f"/images/{image.pk}/")
    assert 'class="plate' not in text_of(anna, "/gallery/")


def test_a_form_that_is_sent_twice_changes_nothing_the_second_time(anna: Client, camera: Camera) -> None:
    visit = read_visit(camera, "XX777YY")
    seen = visit.sightings.get()
    form = {"text": "KV482BT", "was": f"{seen.status} {seen.text}"}
    answers = [anna.post(f"/sightings/{seen.pk}/correct/", form, follow=True).content.decode() for _ in range(2)]
    assert "XX777YY is KV482BT." in answers[0] and "settled in the meantime" in answers[1]
    assert Correction.objects.count() == 1


def test_an_address_elsewhere_is_not_followed(anna: Client, camera: Camera) -> None:
    visit = read_visit(camera, "XX777YY")
    seen = visit.sightings.get()
    for place in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        answer = anna.post(f"/sightings/{seen.pk}/correct/", {"text": "KV482BT", "next": place})
        assert answer.headers["Location"] == f"/visits/{visit.pk}/"


def test_the_last_correction_can_be_undone_where_it_was_made(anna: Client, camera: Camera) -> None:
    visit = read_visit(camera, "XX777YY")
    seen, before = visit.sightings.get(), texts(visit)
    anna.post(f"/sightings/{seen.pk}/correct/", {"text": "KV482BT"})
    page = text_of(anna, f"/visits/{visit.pk}/")
    made = Correction.objects.get()
    assert "Your last correction: XX777YY is KV482BT." in page and f"/corrections/{made.pk}/undo/" in page
    answer = anna.post(f"/corrections/{made.pk}/undo/", {"next": f"/visits/{visit.pk}/"}, follow=True)
    assert "Taken back: XX777YY is KV482BT." in answer.content.decode()
    assert [one[0] for one in texts(visit)] == [one[0] for one in before]
    assert "Your last correction" not in text_of(anna, f"/visits/{visit.pk}/")
    answer = anna.post(f"/corrections/{made.pk}/undo/", follow=True)
    assert "undone already" in answer.content.decode()


def test_the_log_tells_who_and_when_and_what_was_undone(anna: Client, viewer: Client, camera: Camera) -> None:
    assert "No corrections yet" in text_of(viewer, "/plates/corrections/")
    visit = read_visit(camera, "XX777YY")
    anna.post(f"/sightings/{visit.sightings.get().pk}/correct/", {"text": "KV482BT"})
    page = text_of(viewer, "/plates/corrections/")
    assert "XX777YY is KV482BT" in page and "<bdi>anna</bdi>" in page and "Today" in page and "/undo/" not in page
    assert "/undo/" in text_of(anna, "/plates/corrections/")
    plate = Plate.objects.get(text="KV482BT")
    assert "XX777YY is KV482BT" in text_of(anna, f"/plates/{plate.pk}/")
    anna.post(f"/corrections/{Correction.objects.get().pk}/undo/")
    assert "Undone by <bdi>anna</bdi>" in text_of(viewer, "/plates/corrections/")


def test_the_log_has_pages(anna: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    user = User.objects.get(username="anna")
    for number in range(40):
        facts = {"before": {"readings": [], "lessons": [], "at": AT.isoformat()}, "by": user}
        Correction.objects.create(kind="reading", was=f"AB{number}", text="KV482BT", **facts)
    first = text_of(anna, "/plates/corrections/")
    with django_assert_max_num_queries(8):
        text_of(anna, "/plates/corrections/")
    pages = first + followed(anna, first, "next")
    assert all(f"AB{number} is KV482BT" in pages for number in range(40))


def test_two_plates_are_made_one_and_parted_again(
    anna: Client, camera: Camera, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    visits = [
        read_visit(camera, text, at=timedelta(minutes=n), sure=0.95) for n, text in enumerate(("KV482BT", "KV482BX"))
    ]
    right, wrong = Plate.objects.get(text="KV482BT"), Plate.objects.get(text="KV482BX")
    assert f"/plates/{wrong.pk}/merge/" in text_of(anna, f"/plates/{wrong.pk}/")
    page = text_of(anna, f"/plates/{wrong.pk}/merge/")
    assert "KV482BX is KV482BT" in page and "1 away" in page
    with django_assert_max_num_queries(12):
        assert "No other plate matches" in text_of(anna, f"/plates/{wrong.pk}/merge/?q=nothing")
    assert "XX777YY" not in text_of(anna, f"/plates/{wrong.pk}/merge/?q=XX777")
    answer = anna.post(f"/plates/{wrong.pk}/merge/", {"into": right.pk}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"/plates/{right.pk}/", 302)]
    assert "Plate KV482BX is now part of KV482BT." in page and "Also read as" in page
    assert [texts(visit)[0][2] for visit in visits] == ["KV482BT"] * 2
    assert anna.get(f"/plates/{wrong.pk}/").headers["Location"] == f"/plates/{right.pk}/", "links to it stay right"
    page = anna.post(f"/plates/{wrong.pk}/merge/", {"into": right.pk}, follow=True).content.decode()
    assert "That plate is part of KV482BT already." in page and Correction.objects.count() == 1
    anna.post(f"/corrections/{Correction.objects.get().pk}/undo/")
    assert [texts(visit)[0][2] for visit in visits] == ["KV482BT", "KV482BX"]


def test_merging_into_itself_or_nothing_is_refused(anna: Client, camera: Camera) -> None:
    plate = make_plate("KV482BT")
    answer = anna.post(f"/plates/{plate.pk}/merge/", {"into": plate.pk}, follow=True)
    assert "cannot be merged into itself" in answer.content.decode()
    for into in ("", "x", "99999", "1" * 40):
        assert anna.post(f"/plates/{plate.pk}/merge/", {"into": into}).status_code == 404
    assert "No plate differs from it" in text_of(anna, f"/plates/{plate.pk}/merge/")
    assert "No other plate matches" in text_of(anna, f"/plates/{plate.pk}/merge/?q=KV482BT")


def test_who_may_not_correct_is_refused_and_sees_no_forms(viewer: Client, camera: Camera) -> None:
    visit = read_visit(camera, "XX777YY")
    seen, reading, plate = visit.sightings.get(), PlateReading.objects.get(), Plate.objects.get()
    made = Correction.objects.create(kind="merge", was="A", text="B", before={"readings": []})
    for address in (
        *(f"/sightings/{seen.pk}/correct/", f"/readings/{reading.pk}/correct/"),
        *(f"/corrections/{made.pk}/undo/", f"/plates/{plate.pk}/merge/"),
    ):
        assert viewer.post(address, {"text": "KV482BT", "into": plate.pk}).status_code == 403, address
    assert "/correct/" not in text_of(viewer, f"/visits/{visit.pk}/") + text_of(viewer, f"/plates/{plate.pk}/")
    assert texts(visit)[0][2] == "XX777YY"


def test_it_wants_a_token_and_a_post(anna: Client, camera: Camera) -> None:
    seen = read_visit(camera, "XX777YY").sightings.get()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="anna"))
    assert strict.post(f"/sightings/{seen.pk}/correct/", {"text": "KV482BT"}).status_code == 403
    assert anna.get(f"/sightings/{seen.pk}/correct/").status_code == 405


def test_a_limited_person_corrects_what_the_own_cameras_saw_and_no_more(limited: Client, camera: Camera) -> None:
    allow("cleo", "change_platereading", "change_plate")
    own, other = read_visit(camera, "XX777YY"), read_visit(make_camera("Garden", "Pool"), "ZZ999ZZ")
    seen, hidden = own.sightings.get(), other.sightings.get()
    assert limited.post(f"/sightings/{hidden.pk}/correct/", {"text": "KV482BT"}).status_code == 404
    reading = PlateReading.objects.get(image__visit=own)
    assert limited.post(f"/readings/{reading.pk}/correct/", {"text": "KV482BT", "alike": "1"}).status_code == 403
    assert limited.get(f"/plates/{Plate.objects.get(text='XX777YY').pk}/merge/").status_code == 403
    limited.post(f"/sightings/{seen.pk}/correct/", {"text": "KV482BT"})
    assert texts(own)[0][2] == "KV482BT"
    made = Correction.objects.get()
    foreign = Correction.objects.create(kind="reading", was="ZZ999ZZ", text="Q1", before=made.before)
    page = text_of(limited, "/plates/corrections/")
    assert "XX777YY is KV482BT" in page and "ZZ999ZZ" not in page
    assert limited.post(f"/corrections/{foreign.pk}/undo/").status_code == 404
    camera.viewers.clear()
    assert limited.post(f"/corrections/{made.pk}/undo/").status_code == 403, "these readings are not seen any more"
    camera.viewers.add(User.objects.get(username="cleo"))
    assert limited.post(f"/corrections/{made.pk}/undo/").status_code == 302
    assert Sighting.objects.get(visit=own).text == "XX777YY"
