from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from alerts import arming, compiled, considering
from alerts.models import ArmedState, Delivery, DueCheck, Message, Rule, Trace
from cameras import merging
from cameras.models import Camera, Visit
from plates.models import Plate, PlateList, Sighting, SightingStatus
from tests.alerts.conftest import PERSON, MakeRule, report, see
from tests.factories import make_camera


def texts() -> list[str]:
    return [one.text for one in Message.objects.order_by("pk")]


def verdict(rule: Rule, subject: str) -> dict[str, object]:
    found: dict[str, object] = Trace.objects.get(subject=subject).verdicts[str(rule.pk)]
    return found


def test_a_person_is_told_of_once_a_visit(camera: Camera, make_rule: MakeRule, handed_over: list[int]) -> None:
    make_rule(PERSON)
    first = see(camera, ("person", 0.8), ("car", 0.9))
    for _ in range(2):  # a task may run twice
        considering.consider_image(first.pk, read=False)
    considering.consider_image(see(camera, ("person", 0.7), visit=first.visit).pk, read=False)
    assert texts() == ["A person at the back door"]
    assert Delivery.objects.count() == 1
    considering.consider_image(see(camera, ("person", 0.7)).pk, read=False)
    assert len(texts()) == 2


def test_it_says_which_condition_failed_and_keeps_the_nearest_look(camera: Camera, make_rule: MakeRule) -> None:
    rule = make_rule({**PERSON, "score": 0.5})
    first = see(camera, ("person", 0.42))
    considering.consider_image(first.pk, read=False)
    considering.consider_image(see(camera, ("dog", 0.9), visit=first.visit).pk, read=False)
    said = verdict(rule, f"visit:{first.visit_id}")
    assert (said["code"], said["reason"]) == ("condition", "person scored 0.42, below 0.50")
    considering.consider_image(see(camera, ("person", 0.6), visit=first.visit).pk, read=False)
    assert verdict(rule, f"visit:{first.visit_id}")["code"] == "sent"


def test_cameras_counts_and_areas_narrow_what_is_seen(camera: Camera, make_rule: MakeRule) -> None:
    camera.rois = {"porch": [[40, 30], [60, 60]], "street": [[0, 0], [10, 10]]}
    camera.save()
    make_rule({**PERSON, "cameras": [camera.pk], "areas": ["street"]}, template="street")
    make_rule({**PERSON, "cameras": [camera.pk], "areas": ["porch"], "count": 2}, template="two on the porch")
    make_rule({**PERSON, "cameras": [make_camera("far", "Pool").pk]}, template="pool")
    make_rule({"kind": "visit", "cameras": [camera.pk]}, template="anything")
    considering.consider_image(see(camera, ("person", 0.8), ("person", 0.7)).pk, read=False)
    assert sorted(texts()) == ["Anything", "Two on the porch"]


@pytest.mark.parametrize("first", ["picture", "event"])
def test_a_moving_region_and_a_person_within_ten_seconds(camera: Camera, make_rule: MakeRule, first: str) -> None:
    motion = {"kind": "event", "kinds": ["motion"], "value": "moving", "areas": ["porch"]}
    make_rule(motion, PERSON, within_seconds=10)
    image = see(camera, ("person", 0.8), at=timezone.now() - timedelta(seconds=12))
    considering.consider_event(report("motion moving porch", camera).pk)
    assert not texts(), "that is too long after"
    image = see(camera, ("person", 0.8), at=timezone.now() - timedelta(seconds=1))
    steps: list[Callable[[], int]] = [
        lambda: considering.consider_image(image.pk, read=False),
        lambda: considering.consider_event(report("motion moving porch", camera, ago=3).pk),
    ]
    for step in steps if first == "picture" else steps[::-1]:
        step()
    assert texts() == ["A person at the back door"]


def test_plates_by_list_and_by_pattern(camera: Camera, make_rule: MakeRule) -> None:
    make_rule({"kind": "plate", "lists": ["watch"]}, template="Watched: {plate} {owner}")
    make_rule({"kind": "plate", "plates": ["kv 4*"]}, template="pattern")
    make_rule({"kind": "plate", "lists": ["unknown"]}, template="stranger {plate}")
    image = see(camera, ("car", 0.9))
    assert image.visit
    plate = Plate.objects.create(text="KV482BT", list=PlateList.WATCH, owner="Ben")
    seen = {"visit": image.visit, "at": timezone.now(), "best_image": image, "confidence": 0.9}
    Sighting.objects.create(text="KV482BT", plate=plate, status=SightingStatus.MATCHED, **seen)
    considering.consider_image(image.pk, read=True)
    assert sorted(texts()) == ["Pattern", "Watched: KV482BT Ben"]
    Sighting.objects.create(text="7HRZ319", status=SightingStatus.NEW, **seen)
    considering.consider_image(image.pk, read=True)
    assert len(texts()) == 2, "a text may change until the visit is over"
    Visit.objects.update(closed_at=timezone.now())
    considering.consider_visit(image.visit_id or 0)
    assert texts()[-1] == "Stranger 7HRZ319"


def test_a_sensor_for_a_time(camera: Camera, make_rule: MakeRule) -> None:
    make_rule(
        {"kind": "sensor", "reading": "Temp", "side": "above", "limit": 30, "minutes": 5}, template="{value} on {node}"
    )
    considering.consider_event(report("Temp 31", number=31, ago=240).pk)
    assert not texts() and DueCheck.objects.count() == 1
    assert considering.check_due(timezone.now() + timedelta(seconds=50)) == 0
    considering.check_due(timezone.now() + timedelta(seconds=61))
    assert texts() == ["31 on gate"]
    considering.consider_event(report("Temp 33", number=33).pk)
    assert len(texts()) == 1, "it is the same state still"


def test_the_garage_is_still_lighted_half_an_hour_after_the_last_car(camera: Camera, make_rule: MakeRule) -> None:
    light = {"kind": "light", "cameras": [camera.pk]}
    make_rule(light, {"kind": "quiet", "cameras": [camera.pk], "labels": ["car"], "minutes": 30}, template="Light on")
    now = timezone.now()
    report("light lighted", camera, ago=3000)
    considering.consider_image(see(camera, ("car", 0.9), at=now - timedelta(minutes=10)).pk, read=False)
    assert not texts()
    considering.check_due(now + timedelta(minutes=19))
    assert not texts()
    considering.check_due(now + timedelta(minutes=20, seconds=1))
    assert texts() == ["Light on"]


def test_a_silent_node(camera: Camera, make_rule: MakeRule) -> None:
    make_rule({"kind": "node", "nodes": [camera.node_id]}, template="{node} is silent {value}")
    considering.consider_event(report("back now", camera).pk)
    considering.consider_event(report("silent after-2-h", camera).pk)
    assert texts() == ["Gate is silent after-2-h"]


def test_armed_hours_and_days(camera: Camera, make_rule: MakeRule) -> None:
    rule = make_rule(PERSON, only_if={"armed": "yes"})
    image = see(camera, ("person", 0.8))
    considering.consider_image(image.pk, read=False)
    assert verdict(rule, f"visit:{image.visit_id}")["reason"] == "the site was disarmed"
    assert arming.arm(True) and not arming.arm(True)
    considering.consider_image(see(camera, ("person", 0.8)).pk, read=False)
    assert len(texts()) == 1
    assert ArmedState.objects.count() == 1


@pytest.mark.parametrize(
    ("conditions", "named"),
    [
        ([{"kind": "visit"}] * 7, "1 to 6 conditions"),
        ([{"kind": "visitt"}], "'visitt'"),
        ([{"kind": "visit", "score": 7}], "score is 7"),
        ([{"kind": "visit", "labls": ["cat"]}], "labls"),
        ([{"kind": "sensor", "limit": 3}], "reading is empty"),
        ([{"kind": "plate", "lists": ["friends"]}], "friends"),
    ],
)
def test_what_is_wrong_in_a_rule_is_named(db: None, conditions: list[object], named: str) -> None:
    with pytest.raises(ValidationError) as problem:
        Rule(name="x", conditions=conditions).full_clean()
    assert named in str(problem.value)


def test_a_rule_goes_on_with_the_camera_that_its_own_was_merged_into(camera: Camera, make_rule: MakeRule) -> None:
    other = make_camera("shed", "Old")
    make_rule({**PERSON, "cameras": [other.pk]})
    considering.consider_image(see(camera, ("person", 0.8)).pk, read=False)
    assert not texts()
    merging.begin_merge(other, camera)
    merging.finish_merges()
    compiled.forget()
    considering.consider_image(see(camera, ("person", 0.8)).pk, read=False)
    assert len(texts()) == 1


def test_the_plate_is_added_when_it_is_known(camera: Camera, make_rule: MakeRule) -> None:
    make_rule({"kind": "visit", "labels": ["car"]}, template="A car {plate}")
    image = see(camera, ("car", 0.9))
    assert image.visit
    considering.consider_image(image.pk, read=False)
    assert texts() == ["A car"]
    Delivery.objects.update(state="sent", sent_version=1)
    Sighting.objects.create(visit=image.visit, text="KV482BT", at=timezone.now(), best_image=image, confidence=0.9)
    assert compiled.wants("read", camera.pk) and not compiled.wants("event", camera.pk)
    considering.consider_image(image.pk, read=True)
    assert texts() == ["A car KV482BT"]
    assert Delivery.objects.get().state == "waiting", "a channel that can update what it carried does so"
