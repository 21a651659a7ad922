"""Nodes that were renamed, and cameras that are out of use."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cameras.models import Camera, Image, Node, NodeAlias
from cameras.records import EventRecord, ImageRecord
from cameras.renaming import rename_node, retire
from cameras.services import camera_by_file_name, camera_for, node_for, save_event, save_image

pytestmark = pytest.mark.django_db

FACTS: dict[str, int | str] = {"bytes": 1, "width": 1, "height": 1, "problem": ""}


def image_record(number: int, minutes_ago: int = 0) -> ImageRecord:
    at = (timezone.now() - timedelta(minutes=minutes_ago)).isoformat()
    identity, path = f"00000000-0000-4000-8000-{number:012}", f"images/2026-11-22/{number}.jpg"
    return {"id": identity, "node": "gate", "view": "Front", "path": path, "bytes": 1, "received_at": at}


def event_record(number: int) -> EventRecord:
    return EventRecord(
        id=f"00000000-0000-4000-8000-{number:012}",
        node="gate",
        view="Front",
        event="motion",
        fields=["moving"],
        text="gate Front|motion|moving",
        received_at=timezone.now().isoformat(),
    )


def test_what_is_sent_under_an_earlier_name_reaches_the_renamed_node() -> None:
    camera = camera_for("gate", "Front")
    rename_node(camera.node, "drive")
    assert camera_for("gate", "Front") == camera
    assert camera_for("gate", "Back").node == camera.node
    assert node_for("gate") == node_for("drive") == camera.node
    assert [node.name for node in Node.objects.all()] == ["drive"]


def test_files_of_an_earlier_name_belong_to_the_renamed_node() -> None:
    camera = camera_for("gate", "Front")
    rename_node(camera.node, "drive")
    for name in ("gate-Front-2026-11-22T10.00.00.000000.jpg", "drive-Front-2026-11-22T10.00.00.000000.jpg"):
        assert camera_by_file_name(name) == camera


def test_the_name_of_today_wins_over_one_of_yesterday() -> None:
    renamed = camera_for("gate", "a-b")
    rename_node(renamed.node, "drive")
    of_today = camera_for("gate-a", "b")
    assert camera_by_file_name("gate-a-b-2026-11-22T10.00.00.000000.jpg") == of_today


def test_a_node_can_be_renamed_again_and_get_its_old_name_back() -> None:
    node = node_for("gate")
    for name in ("drive", "yard", "gate"):
        rename_node(node, name)
        assert {node_for(one).pk for one in ("gate", name)} == {node.pk}
    assert sorted(NodeAlias.objects.values_list("name", flat=True)) == ["drive", "yard"]


@pytest.mark.parametrize(
    "name", ["", "a b", "a|b", "a/b", ".a", "x" * 65, "a\u202eb", "gate", "yard", "old", "unidentified"]
)
def test_it_refuses_a_name_that_is_taken_or_no_name(name: str) -> None:
    node_for("yard")
    rename_node(node_for("old"), "new")
    with pytest.raises(ValidationError):
        rename_node(node_for("gate"), name)
    assert Node.objects.filter(name="gate").exists()


def test_the_node_of_unidentified_files_keeps_its_name() -> None:
    with pytest.raises(ValidationError):
        rename_node(node_for("unidentified"), "known")


def test_a_retired_camera_comes_back_with_its_next_picture(caplog: pytest.LogCaptureFixture) -> None:
    camera = camera_for("gate", "Front")
    retire([camera])
    caplog.set_level("INFO")
    save_image(image_record(1), camera_for("gate", "Front"), FACTS)
    assert Camera.objects.get().retired_at is None
    assert "gate Front was retired and sends again" in caplog.text


def test_a_retired_camera_comes_back_with_its_next_event() -> None:
    retire([camera_for("gate", "Front")])
    save_event(event_record(1))
    assert Camera.objects.get().retired_at is None


def test_what_was_received_before_a_camera_retired_does_not_bring_it_back() -> None:
    first = image_record(1)
    save_image(first, camera_for("gate", "Front"), FACTS)
    retire([camera_for("gate", "Front")])
    save_image(first, camera_for("gate", "Front"), FACTS)
    save_image(image_record(2, minutes_ago=5), camera_for("gate", "Front"), FACTS)
    assert Image.objects.count() == 2
    assert Camera.objects.get().retired_at is not None
