"""When plates are read, and what is said when they are not."""

import pytest

from plates.policy import wants_reading

BOX = (1.0, 2.0, 3.0, 4.0)
CAR, PERSON = ("car", BOX), ("person", BOX)


def test_it_looks_into_vehicles_and_at_the_whole_only_when_they_show_nothing() -> None:
    wish = wants_reading("vehicles", "done", [PERSON, CAR])
    assert (wish.boxes, wish.whole, wish.reason) == ((BOX,), "if_empty", "")


def test_it_looks_everywhere_where_the_camera_says_always() -> None:
    assert wants_reading("always", "empty", []).whole == "always"
    assert wants_reading("always", "skipped", []).reason == ""
    assert wants_reading("always", "done", [CAR]).boxes == (BOX,)


@pytest.mark.parametrize(
    ("mode", "detection", "objects", "reason"),
    [
        ("off", "done", [CAR], "plates are not read on this camera"),
        ("vehicles", "done", [PERSON], "no vehicle found"),
        ("vehicles", "empty", [], "no vehicle found"),
        ("vehicles", "skipped", [], "objects are not looked for on this camera"),
        ("vehicles", "failed", [], "object detection failed"),
    ],
)
def test_it_says_why_it_does_not_read(mode: str, detection: str, objects: list, reason: str) -> None:  # type: ignore[type-arg]
    assert wants_reading(mode, detection, objects).reason == reason
