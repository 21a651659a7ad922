from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
import redis
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cameras.merging import begin_merge, finish_merges
from cameras.models import (
    Camera,
    CameraAlias,
    ChangedHour,
    DeadLetter,
    Event,
    FileFault,
    Image,
    Installation,
    Node,
    NodeAlias,
    Purge,
    Reconciliation,
    Removal,
    RunStatus,
    Tombstone,
    Visit,
    Zone,
)
from cameras.services import camera_for
from cloud import pace
from cloud.models import CloudCall, CloudDay
from detections.models import DetectionRun
from ingest import pipeline
from librarian_project.celery import app
from plates.models import Correction, Plate, PlateAlias, PlateSettings, RecognitionRun, Sighting
from tests.conftest import reconnect
from tests.web.making import AT, add_object, add_reading, make_camera, make_image

APPS = ("accounts", "cameras", "detections", "plates", "cloud")
OURS = [model for app in APPS for model in apps.get_app_config(app).get_models()]
MACHINES = [model for model in OURS if model not in {User, Plate, NodeAlias, CameraAlias, Zone}]


@pytest.fixture
def staff(log_in: Callable[..., Client], camera: Camera) -> Client:
    """A superuser's client, with a row of every model."""
    image = make_image(camera)
    add_object(image)
    plate = Plate.objects.create(text="KV482BT")
    add_reading(image, plate=plate)
    visit = Visit.objects.create(camera=camera, started_at=AT, ended_at=AT)
    Sighting.objects.create(visit=visit, plate=plate, text="KV482BT", at=AT)
    Event.objects.create(message_id=image.message_id, node=camera.node, kind="motion", text="x", at=AT)
    PlateAlias.objects.create(text="KV4B2BT", plate=plate)
    Correction.objects.create(kind="reading", was="KV4B2BT", text=plate.text, plate=plate)
    CloudCall.objects.create(image=image, begun_at=AT, vehicles=[{"plate": "KV482BT", "type": "SUV"}, "odd"])
    CloudDay.objects.create(day=AT.date(), calls=7)
    PlateSettings.objects.create()
    pace.state()
    DeadLetter.objects.create(task="object detection", subject=str(image.pk), image=image, reason="no memory")
    Tombstone.objects.create(message_id=image.message_id, path="images/x.jpg")
    Purge.objects.create(why="age", images=3)
    Removal.objects.create(paths=["images/x.jpg"])
    Installation.objects.create(key=image.message_id)
    Reconciliation.objects.create(rows=3)
    FileFault.objects.create(path=image.path, kind="missing", image=image)
    ChangedHour.objects.create(camera_id=camera.pk, at=AT)
    NodeAlias.objects.create(name="Hut", node=camera.node)
    CameraAlias.objects.create(node=camera.node, view="Old", camera=camera)
    camera.zones.create(name="Street", points=[[0, 0], [1, 0], [1, 1]])
    return log_in("anna", is_staff=True, is_superuser=True)


def address(model: type[Model], page: str, *arguments: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def test_it_registers_every_model() -> None:
    assert [model for model in OURS if not admin.site.is_registered(model)] == []


@pytest.mark.parametrize("model", OURS)
def test_it_opens_lists_searches_and_pages_of_rows(staff: Client, model: type[Model]) -> None:
    row = model._default_manager.first()
    assert row is not None
    listing = staff.get(address(model, "changelist"), follow=True)
    assert listing.status_code == 200 and "librarian" in listing.content.decode()
    for words in ("KV482BT", "1", "18446744073709551616", "a'b%"):
        assert staff.get(address(model, "changelist"), {"q": words}, follow=True).status_code == 200, words
    assert staff.get(address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", MACHINES)
def test_it_neither_adds_nor_deletes_what_machines_wrote(staff: Client, model: type[Model]) -> None:
    row = model._default_manager.first()
    assert row is not None
    assert staff.get(address(model, "add")).status_code == 403
    assert staff.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_it_lets_staff_keep_a_picture_and_nothing_else_of_it(staff: Client, camera: Camera) -> None:
    image = Image.objects.get()
    staff.post(address(Image, "change", image.pk), {"camera": camera.pk, "keep": "on", "path": "secret_key"})
    changed = Image.objects.get()
    assert changed.keep and changed.path == image.path


def test_an_image_that_is_given_to_another_camera_joins_a_visit_there(staff: Client, camera: Camera) -> None:
    Image.objects.update(visit=Visit.objects.get())
    page = address(Image, "change", Image.objects.get().pk)
    staff.post(page, {"camera": camera.pk, "keep": "on"})
    assert Image.objects.get().visit is not None, "the camera is the same"
    other = make_camera("Yard", "Door")
    staff.post(page, {"camera": other.pk})
    changed = Image.objects.get()
    assert changed.camera == other
    assert changed.visit == Visit.objects.get(), "the other visit went with its only image"
    assert changed.visit.camera == other


@pytest.mark.parametrize("bulk", [False, True])
def test_a_merged_camera_is_not_forgotten_while_its_rows_are_on_their_way(
    staff: Client, camera: Camera, bulk: bool
) -> None:
    going = make_camera("Yard", "Door")
    begin_merge(going, camera)
    alias = CameraAlias.objects.get(view="Door")
    assert delete(staff, alias, bulk) == 403
    finish_merges()
    assert delete(staff, alias, bulk) == 302
    assert not CameraAlias.objects.filter(view="Door").exists()


def test_a_node_is_deleted_only_when_it_has_nothing(staff: Client, camera: Camera) -> None:
    assert "delete_selected" not in staff.get(address(Node, "changelist")).content.decode()
    left = make_camera("Yard", "Door")
    begin_merge(left, camera)
    finish_merges()
    event = Event.objects.create(message_id=uuid.uuid4(), node=left.node, kind="Temp", text="x", at=AT)
    assert delete(staff, camera.node, False) != 302 != delete(staff, left.node, False)
    assert Node.objects.count() == 2
    event.delete()
    assert delete(staff, left.node, False) == 302
    assert not Node.objects.filter(name="Yard").exists()
    assert camera_for("Yard", "Door").node != left.node, "its name is free for a new start"


def test_a_plate_is_deleted_only_when_it_was_never_seen(staff: Client, camera: Camera) -> None:
    assert "delete_selected" not in staff.get(address(Plate, "changelist")).content.decode()
    seen, typed = (Plate.objects.create(text=text) for text in ("AB10CD", "AB11CD"))
    add_reading(make_image(camera), seen.text, plate=seen)
    assert delete(staff, seen, False) == 403
    assert delete(staff, typed, False) == 302
    assert not Plate.objects.filter(pk=typed.pk) and Plate.objects.filter(pk=seen.pk)


def delete(client: Client, row: Model, bulk: bool) -> int:
    """The status of the answer to somebody who deletes a row, on its page or in the list."""
    if bulk:
        form = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        return client.post(address(type(row), "changelist"), form).status_code
    return client.post(address(type(row), "delete", row.pk), {"post": "yes"}).status_code


def test_a_plate_is_added_in_its_normal_form(staff: Client) -> None:
    page = address(Plate, "add")
    assert staff.post(page, {"text": "ab-123 x", "list": "known"}).status_code == 302
    assert Plate.objects.get(list="known").text == "AB123X"
    assert "AB123X is there already" in staff.post(page, {"text": "AB 123X"}).content.decode()
    assert "no letter A to Z and no digit" in staff.post(page, {"text": "– –"}).content.decode()
    assert Plate.objects.count() == 2


def test_the_text_of_a_plate_stays(staff: Client) -> None:
    plate = Plate.objects.get()
    form = {"text": "kv-482 bt", "list": "watch", "owner": "Ben"}
    assert staff.post(address(Plate, "change", plate.pk), form).status_code == 302
    changed = Plate.objects.get()
    assert (changed.text, changed.list, changed.owner) == ("KV482BT", "watch", "Ben")


def test_it_lets_staff_set_what_is_done_with_a_cameras_pictures(staff: Client, camera: Camera) -> None:
    form = {"labels": '["car"]', "min_score": "0.5", "plates": "always", "rois": "{}"}
    form |= {"plate_source": "local", "view": "Other"}
    form |= {"scores": '{"person": 0.7}', "min_size": "0.5", "max_size": "60", "message": ""}
    assert staff.post(address(Camera, "change", camera.pk), form).status_code == 302
    changed = Camera.objects.get()
    assert (changed.labels, changed.plates, changed.view) == (["car"], "always", "Front")
    assert (changed.scores, changed.min_size, changed.max_size) == ({"person": 0.7}, 0.5, 60)
    wrong = staff.post(address(Camera, "change", camera.pk), form | {"min_size": "60"}).content.decode()
    assert "has to be larger than the smallest" in wrong


def test_it_counts_no_further_than_people_page(staff: Client, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cameras.admin_lists.MOST_COUNTED", 3)
    for _ in range(5):
        make_image(camera, files=False)
    assert "3 images" in staff.get(address(Image, "changelist")).content.decode()


def test_a_dead_letter_tells_why_and_is_tried_again_by_a_button(staff: Client, broker: redis.Redis) -> None:
    letter = DeadLetter.objects.get()
    image = Image.objects.get()
    DetectionRun.objects.get_or_create(image=image, defaults={"queued_at": pipeline.NEVER})
    RecognitionRun.objects.get_or_create(image=image, defaults={"queued_at": pipeline.NEVER})
    DetectionRun.objects.update(status=RunStatus.FAILED, attempts=3, reason="no memory")
    page = staff.get(address(DeadLetter, "change", letter.pk)).content.decode()
    assert "no memory" in page
    assert f'href="/admin/cameras/image/{letter.image_id}/change/"' in page
    staff.post(address(DeadLetter, "change", letter.pk), {"_retry": "1"})
    assert not DeadLetter.objects.exists()
    run = DetectionRun.objects.get()
    assert (run.status, run.attempts, run.reason) == (RunStatus.QUEUED, 0, "")
    assert broker.llen("detect") == 1


def test_dead_letters_of_messages_are_tried_again_from_the_list(staff: Client, broker: redis.Redis) -> None:
    DeadLetter.objects.all().delete()
    record = {"id": "0190", "path": "images/x.jpg"}
    letter = DeadLetter.objects.create(task="ingest.register_image", subject="0190", args=[record], reason="x")
    assert "images/x.jpg" in staff.get(address(DeadLetter, "changelist")).content.decode()
    staff.post(address(DeadLetter, "changelist"), {"action": "retry_selected", "_selected_action": [letter.pk]})
    assert not DeadLetter.objects.exists()
    assert broker.llen("ingest") == 1


def test_a_dead_letter_stays_while_the_broker_is_not_there(staff: Client, broker: redis.Redis) -> None:
    reconnect(app, "redis://127.0.0.1:1/0")
    letter = DeadLetter.objects.create(task="ingest.register_image", subject="0190", args=[{}], reason="x")
    answer = staff.post(address(DeadLetter, "change", letter.pk), {"_retry": "1"}, follow=True)
    assert "the broker does not answer" in answer.content.decode()
    assert DeadLetter.objects.filter(pk=letter.pk).exists()


def test_the_cameras_of_a_viewer_are_chosen_on_their_page(staff: Client, camera: Camera) -> None:
    cleo = User.objects.create_user("cleo", only_chosen_cameras=True)
    page = f"/admin/accounts/user/{cleo.pk}/change/"
    assert "Driveway Front" in staff.get(page).content.decode()
    form = {"username": "cleo", "only_chosen_cameras": "on", "is_active": "on", "cameras": [camera.pk]}
    form |= {"theme": "auto", "density": "comfortable"}
    dates = {"last_login_0": "", "last_login_1": ""}
    assert staff.post(page, form | dates).status_code == 302
    assert list(Camera.objects.visible_to(cleo)) == [camera]
    assert staff.post(page, form | dates | {"cameras": []}).status_code == 302
    assert not Camera.objects.visible_to(cleo).exists()
