"""What people can have done from the admin: asked before, written down, and only by those who may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import redis
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from cameras import merging
from cameras.models import Camera, Image, Node, RunStatus
from cameras.services import camera_for
from detections.models import DetectionRun
from tests.web.making import add_object, finish, make_camera, make_image

IMAGES, CAMERAS, NODES = (f"/admin/cameras/{name}/" for name in ("image", "camera", "node"))


@pytest.fixture
def staff(log_in: Callable[..., Client], camera: Camera) -> Client:
    return log_in("anna", is_staff=True, is_superuser=True)


def send(client: Client, page: str, action: str, *rows: object, **answer: object) -> str:
    """What the page answers to an action on rows; the answer to its question is sent where it is given."""
    asked = {"action": action, "_selected_action": [getattr(row, "pk", row) for row in rows], **answer}
    return client.post(page, asked, follow=True).content.decode()


def history(row: Camera | Image | Node) -> list[str]:
    return [str(one.change_message) for one in LogEntry.objects.filter(object_id=str(row.pk)).order_by("pk")]


@pytest.mark.parametrize(("action", "before", "after"), [("keep", False, True), ("stop_keeping", True, False)])
def test_images_are_kept_and_not_kept_any_more(
    staff: Client, camera: Camera, action: str, before: bool, after: bool
) -> None:
    image, other = make_image(camera, keep=before), make_image(camera, keep=before)
    assert f"/images/{image.pk}/thumbnail.jpg" in send(staff, IMAGES, action, image)
    assert Image.objects.get(pk=image.pk).keep is before, "it asks first"
    send(staff, IMAGES, action, image, confirmed="yes")
    assert Image.objects.get(pk=image.pk).keep is after
    assert Image.objects.get(pk=other.pk).keep is before
    assert len(history(image)) == 1 and not history(other)


def test_images_are_looked_at_anew(staff: Client, camera: Camera, broker: redis.Redis) -> None:
    image = make_image(camera)
    add_object(image)
    finish(image, RunStatus.DONE)
    assert "Look at images anew?" in send(staff, IMAGES, "reprocess", image)
    assert DetectionRun.objects.get().status == RunStatus.DONE
    assert "1 handed over" in send(staff, IMAGES, "reprocess", image, confirmed="yes")
    assert DetectionRun.objects.get().status == RunStatus.QUEUED
    assert broker.llen("detect") == 1
    assert history(image) == ["Handed over to be looked at anew."]


def test_the_page_of_an_image_offers_its_actions(staff: Client, camera: Camera) -> None:
    image = make_image(camera)
    page = staff.get(reverse("admin:cameras_image_change", args=[image.pk])).content.decode()
    assert f'<input type="hidden" name="_selected_action" value="{image.pk}">' in page
    assert '<input type="hidden" name="action" value="reprocess">' in page


def test_too_many_images_at_once_are_refused(staff: Client, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cameras.admin_asking.MOST_ROWS", 1)
    images = [make_image(camera, files=False) for _ in range(2)]
    page = send(staff, IMAGES, "keep", *images, confirmed="yes")
    assert "Choose at most 1" in page
    assert not Image.objects.filter(keep=True).exists()


def test_cameras_are_retired_and_brought_back(staff: Client, camera: Camera) -> None:
    assert "Retire cameras?" in send(staff, CAMERAS, "retire", camera)
    assert Camera.objects.get().retired_at is None
    send(staff, CAMERAS, "retire", camera, confirmed="yes")
    assert Camera.objects.get().retired_at is not None
    page = staff.get(reverse("admin:cameras_camera_change", args=[camera.pk])).content.decode()
    assert 'value="bring_back"' in page and 'value="retire"' not in page
    assert f'action="{CAMERAS}?retired=all"' in page, "where the list has it"
    assert "Bring cameras back?" in send(staff, CAMERAS + "?retired=all", "bring_back", camera)
    send(staff, CAMERAS + "?retired=all", "bring_back", camera, confirmed="yes")
    assert Camera.objects.get().retired_at is None
    assert history(camera) == ["Retired.", "Brought back."]


def test_cameras_are_merged_after_a_page_that_shows_what_moves(
    staff: Client, camera: Camera, broker: redis.Redis
) -> None:
    stays = make_camera("Yard", "Door")
    for _ in range(3):
        make_image(camera, files=False)
    page = send(staff, CAMERAS, "merge", camera, stays)
    assert "<td>3</td>" in page and "images" in page
    assert "Choose 2 to" in send(staff, CAMERAS, "merge", camera)
    assert "This field is required" in send(staff, CAMERAS, "merge", camera, stays, confirmed="yes")
    assert broker.llen("maintenance") == 0
    send(staff, CAMERAS, "merge", camera, stays, confirmed="yes", into=stays.pk)
    assert broker.llen("maintenance") == 1
    assert "being merged" in staff.get(CAMERAS).content.decode()
    merging.finish_merges()
    assert list(Camera.objects.all()) == [stays]
    assert stays.images.count() == 3
    assert history(stays) == ["Driveway Front merged into it."]


def test_the_worker_merges(camera: Camera, broker: redis.Redis) -> None:
    from cameras.tasks import finish_merges

    stays = make_camera("Yard", "Door")
    make_image(camera, files=False)
    merging.begin_merge(camera, stays)
    finish_merges()
    assert list(Camera.objects.all()) == [stays]


def test_a_node_is_renamed_and_its_messages_still_reach_it(staff: Client, camera: Camera) -> None:
    node = camera.node
    assert "Rename Driveway" in send(staff, NODES, "rename", node)
    for name in ("two words", "Driveway"):
        assert "errorlist" in send(staff, NODES, "rename", node, confirmed="yes", name=name)
    send(staff, NODES, "rename", node, confirmed="yes", name="Gate")
    assert Node.objects.get().name == "Gate"
    assert camera_for("Driveway", "Front") == camera
    assert history(node) == ["Renamed from “Driveway”."]


ACTIONS = [
    (IMAGES, "reprocess"),
    (IMAGES, "keep"),
    (IMAGES, "stop_keeping"),
    (CAMERAS, "retire"),
    (CAMERAS, "bring_back"),
    (CAMERAS, "merge"),
    (NODES, "rename"),
]


@pytest.mark.parametrize(("page", "action"), ACTIONS)
def test_who_may_only_look_can_do_nothing(
    log_in: Callable[..., Client], camera: Camera, settings: Settings, page: str, action: str
) -> None:
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]  # staff are no more than staff
    client = log_in("dora", is_staff=True)
    looks = [f"view_{name}" for name in ("image", "camera", "node")]
    User.objects.get(username="dora").user_permissions.set(Permission.objects.filter(codename__in=looks))
    image, other = make_image(camera), make_camera("Yard", "Door")
    keys = {IMAGES: [image.pk], CAMERAS: [camera.pk, other.pk], NODES: [camera.node.pk]}[page]
    before = [*Image.objects.values_list(), *Camera.objects.values_list(), *Node.objects.values_list()]
    listing = client.get(page)
    assert listing.status_code == 200 and f'value="{action}"' not in listing.content.decode()
    send(client, page, action, *keys, confirmed="yes", name="Other", into=camera.pk)
    assert [*Image.objects.values_list(), *Camera.objects.values_list(), *Node.objects.values_list()] == before
    assert not LogEntry.objects.exists()
