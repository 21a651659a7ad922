from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alerts import compiled, considering, secrets
from alerts.models import ArmedState, Channel, Delivery, DeliveryState, Message, Rule, Snooze
from cameras.models import Camera, Visit
from tests.alerts.servers import webhook
from tests.web.making import add_object, finish, make_image

RULE = {
    "do": "save",
    "name": "Back door",
    "enabled": "on",
    "template": "{what} {place}",
    "within_seconds": "10",
    "cooldown_seconds": "60",
    "group_seconds": "30",
    "hourly_cap": "20",
    "condition": ["0:visit"],
    "c0-labels": "person",
    "c0-score": "0.5",
    "c0-count": "1",
}


@pytest.fixture
def staff(log_in: Callable[..., Client]) -> Client:
    return log_in("anna", is_staff=True)


@pytest.fixture(autouse=True)
def nobody_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerts.outbox.send_now", lambda number: None)
    monkeypatch.setattr("alerts.sending.send_now", lambda number: None)
    compiled.forget()


def seen(camera: Camera, label: str = "person", score: float = 0.8, ago: float = 0) -> Visit:
    at = timezone.now() - timedelta(seconds=ago)
    visit = Visit.objects.create(camera=camera, started_at=at, ended_at=at)
    image = make_image(camera, at, visit=visit)
    add_object(image, label, score)
    finish(image, "done")
    return visit


def look_at(visit: Visit) -> None:
    considering.consider_image(visit.images.get().pk, read=False)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_rule_is_made_by_clicking_and_tells(staff: Client, camera: Camera) -> None:
    channel = Channel.objects.create(name="Wall", kind="speech")
    assert "c0-labels" in page(staff, "/alerts/rules/new/")
    added = staff.post("/alerts/rules/new/", RULE | {"do": "add:event", "name": ""}).content.decode()
    assert 'value="1:event"' in added and "field-problem" not in added, "nothing is judged before it is saved"
    less = staff.post("/alerts/rules/new/", RULE | {"do": "remove:0", "condition": ["0:visit", "1:event"]})
    assert 'name="within_seconds" value="10"' in less.content.decode()
    assert "c0-labels" not in less.content.decode() and "c1-kinds" in less.content.decode()
    saved = staff.post("/alerts/rules/new/", RULE | {"channels": [channel.pk], "c0-cameras": [camera.pk]})
    assert saved.headers["Location"] == "/alerts/rules/"
    rule = Rule.objects.get()
    assert rule.conditions[0] == {
        **{"kind": "visit", "labels": ["person"], "cameras": [camera.pk]},
        **{"score": 0.5, "count": 1, "areas": []},
    }
    listed = page(staff, "/alerts/rules/")
    assert "person is seen at Driveway Front" in listed
    visit = seen(camera)
    look_at(visit)
    assert "A person at Driveway Front" in page(staff, "/alerts/")
    why = page(staff, f"/visits/{visit.pk}/why/")
    assert "Told" in why and "Back door" in why and "0.80" in why


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"condition": []}, "at least one condition"),
        ({"template": "{who}"}, "{who} is not known"),
        ({"c0-labels": "unicorn"}, "unicorn"),
        ({"c0-score": "7"}, "less than or equal to 1"),
        ({"only-start": "22:00"}, "two different times"),
        ({"only-sun": "down"}, "latitude"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(staff: Client, camera: Camera, change: dict[str, Any], said: str) -> None:
    answer = staff.post("/alerts/rules/new/", RULE | change)
    assert answer.status_code == 200 and said in answer.content.decode()
    assert not Rule.objects.exists()


def test_only_if_is_kept_and_shown_again(staff: Client, camera: Camera) -> None:
    only = {"only-armed": "yes", "only-start": "22:00", "only-end": "06:00", "only-weekdays": ["5", "6"]}
    staff.post("/alerts/rules/new/", RULE | only)
    rule = Rule.objects.get()
    assert rule.only_if == {"armed": "yes", "from": "22:00", "to": "06:00", "weekdays": [5, 6]}
    editor = page(staff, f"/alerts/rules/{rule.pk}/")
    assert 'value="22:00"' in editor and '<option value="yes" selected>' in editor


def test_a_try_shows_what_the_past_week_would_have_sent(staff: Client, camera: Camera) -> None:
    for hours in (1, 2, 3, 24 * 8):
        seen(camera, ago=hours * 3600)
    seen(camera, ago=2 * 3600 - 10)
    seen(camera, "cat", ago=1800)
    shown = staff.post("/alerts/rules/new/", RULE | {"do": "try"}).content.decode()
    assert "<strong>3 messages</strong>, and kept back 1 more" in shown
    assert not Rule.objects.exists() and not Message.objects.exists()


def test_ready_made_rules_are_added_by_one_click(staff: Client) -> None:
    assert "Somebody moves" in page(staff, "/alerts/rules/")
    staff.post("/alerts/rules/ready-made/moving/")
    staff.post("/alerts/rules/ready-made/nothing/")
    assert [one.ready_made for one in Rule.objects.all()] == ["moving"]
    assert "Add “Somebody moves”" not in page(staff, "/alerts/rules/")


def test_rules_are_snoozed_switched_and_deleted(staff: Client) -> None:
    staff.post("/alerts/rules/ready-made/moving/")
    rule = Rule.objects.get()
    staff.post("/alerts/rules/snooze/", {"rule": rule.pk, "hours": "8"})
    assert Snooze.objects.get().rule == rule and "Snoozed until" in page(staff, "/alerts/rules/")
    staff.post("/alerts/rules/snooze/", {"rule": rule.pk})
    staff.post("/alerts/rules/snooze/", {"hours": "1"})
    assert Snooze.objects.get().rule is None and "Every rule is quiet" in page(staff, "/alerts/rules/")
    staff.post(f"/alerts/rules/{rule.pk}/switch/")
    assert not Rule.objects.get().enabled
    staff.post(f"/alerts/rules/{rule.pk}/delete/")
    assert not Rule.objects.exists()


def test_a_channels_address_is_never_shown_again(staff: Client) -> None:
    with webhook() as hook:
        facts = {"name": "Hook", "kind": "apprise", "enabled": "on", "address": hook.url}
        assert "understands" in staff.post("/alerts/channels/new/", facts | {"address": "no://x"}).content.decode()
        staff.post("/alerts/channels/new/", facts | {"start": "22:00", "end": "07:00"})
        row = Channel.objects.get()
        assert secrets.decrypt(row.secret) == hook.url and (row.quiet_from, row.quiet_to) == ("22:00", "07:00")
        for address in ("/alerts/channels/", f"/alerts/channels/{row.pk}/"):
            assert "hush" not in page(staff, address)
        staff.post(f"/alerts/channels/{row.pk}/", facts | {"name": "Other", "address": ""})
        assert secrets.decrypt(Channel.objects.get(name="Other").secret) == hook.url
        tried = staff.post(f"/alerts/channels/{row.pk}/try/", follow=True).content.decode()
        assert "works: delivered" in tried and len(hook.got) == 1
        hook.status = 500
        assert "does not work" in staff.post(f"/alerts/channels/{row.pk}/try/", follow=True).content.decode()
    staff.post(f"/alerts/channels/{row.pk}/delete/")
    assert not Channel.objects.exists()


def test_what_was_given_up_is_listed_and_sent_again(staff: Client, viewer: Client, camera: Camera) -> None:
    channel = Channel.objects.create(name="Hook", kind="apprise", problem="no answer")
    now = timezone.now()
    message = Message.objects.create(camera=camera, rule_name="R", text="a cat", at=now, updated_at=now)
    row = Delivery.objects.create(message=message, channel=channel, state=DeliveryState.DEAD, next_at=now)
    assert "Send again" in page(staff, "/alerts/?state=dead")
    assert "a cat" in page(viewer, "/alerts/") and "Send again" not in page(viewer, "/alerts/")
    assert viewer.post(f"/alerts/deliveries/{row.pk}/again/").status_code == 403
    staff.post(f"/alerts/deliveries/{row.pk}/again/")
    row.refresh_from_db()
    assert (row.state, row.attempts) == (DeliveryState.WAITING, 0)
    assert staff.get("/alerts/?state=nothing").status_code == 404


def test_staff_arm_the_site_and_viewers_do_not(staff: Client, viewer: Client) -> None:
    staff.post("/alerts/arm/", {"armed": "yes"})
    assert ArmedState.objects.get().armed and "Disarm" in page(staff, "/alerts/")
    assert viewer.post("/alerts/arm/", {"armed": "no"}).status_code == 403
    assert viewer.get("/alerts/rules/").status_code == 403
    assert ArmedState.objects.count() == 1


def test_limited_people_see_what_was_told_of_their_cameras_and_no_rules(
    limited: Client, camera: Camera, staff: Client
) -> None:
    staff.post("/alerts/rules/new/", RULE | {"name": "Secret rule"})
    visit = seen(camera, score=0.4)
    look_at(visit)
    assert "Secret rule" not in page(limited, f"/visits/{visit.pk}/why/")
    assert "person scored 0.40, below 0.50" in page(staff, f"/visits/{visit.pk}/why/")


def test_the_wall_speaks_what_its_person_may_know(
    viewer: Client, limited: Client, camera: Camera, staff: Client
) -> None:
    assert "wall-voice" not in page(viewer, "/wall/")
    channel = Channel.objects.create(name="Wall", kind="speech")
    assert "wall-voice" in page(viewer, "/wall/")
    now = timezone.now()
    for number, where in enumerate((camera, None)):
        text = f"text {number} (2 times)"
        message = Message.objects.create(camera=where, rule_name="R", text=text, at=now, updated_at=now)
        sent = {"state": DeliveryState.SENT, "next_at": now, "sent_at": now}
        Delivery.objects.create(message=message, channel=channel, **sent)
    told = viewer.get("/wall/speech.json").json()["messages"]
    assert [one["text"] for one in told] == ["text 0", "text 1"]
    assert [one["text"] for one in limited.get("/wall/speech.json").json()["messages"]] == ["text 0"]
    Delivery.objects.update(sent_at=now - timedelta(minutes=1))
    assert viewer.get("/wall/speech.json").json() == {"messages": []}
