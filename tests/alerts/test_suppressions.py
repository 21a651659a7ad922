from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from alerts import arming, considering
from alerts.models import Channel, Delivery, DeliveryState, Message, Rule, Trace
from cameras.models import Camera, Image
from tests.alerts.conftest import PERSON, MakeRule, see

MINUTE = timedelta(minutes=1)


def code(rule: Rule, image: Image) -> str:
    considering.consider_image(image.pk, read=False)
    found: str = Trace.objects.get(subject=f"visit:{image.visit_id}").verdicts[str(rule.pk)]["code"]
    return found


def test_the_cooldown_counts_from_the_last_message_sent(camera: Camera, make_rule: MakeRule) -> None:
    rule = make_rule(PERSON, cooldown_seconds=60)
    assert code(rule, see(camera, ("person", 0.8))) == "sent"
    image = see(camera, ("person", 0.8))
    assert code(rule, image) == "cooldown"
    Delivery.objects.update(state=DeliveryState.SENT)
    Message.objects.update(sent_at=timezone.now() - MINUTE, created_at=timezone.now() - 2 * MINUTE)
    assert code(rule, image) == "sent", "who stays longer than the cooldown is told of"


def test_no_more_than_so_many_an_hour(camera: Camera, make_rule: MakeRule) -> None:
    rule = make_rule(PERSON, hourly_cap=2)
    assert [code(rule, see(camera, ("person", 0.8))) for _ in range(3)] == ["sent", "sent", "cap"]


def test_a_burst_is_one_message_with_the_better_picture(camera: Camera, make_rule: MakeRule) -> None:
    rule = make_rule(PERSON, group_seconds=30, cooldown_seconds=300)
    assert code(rule, see(camera, ("person", 0.6))) == "sent"
    Delivery.objects.update(state=DeliveryState.SENT, sent_version=1)
    better = see(camera, ("person", 0.9))
    assert code(rule, better) == "joined"
    assert code(rule, better) == "joined", "and is not counted twice"
    message = Message.objects.get()
    assert (message.text, message.image_id, message.version) == ("A person at the back door (2 times)", better.pk, 2)
    assert Delivery.objects.get().state == DeliveryState.WAITING, "walls speak the new version"


def test_quiet_hours_of_a_channel_hold_back_what_is_not_urgent(
    camera: Camera, make_rule: MakeRule, channel: Channel, handed_over: list[int]
) -> None:
    Channel.objects.update(quiet_from="00:00", quiet_to="23:59")
    make_rule(PERSON)
    make_rule(PERSON, urgent=True)
    considering.consider_image(see(camera, ("person", 0.8)).pk, read=False)
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["quiet", "waiting"]


def test_a_snooze_ends_by_itself_or_by_hand(camera: Camera, make_rule: MakeRule) -> None:
    rule, other = make_rule(PERSON), make_rule(PERSON)
    arming.snooze(MINUTE, User.objects.create_user("ben"), rule=rule)
    image = see(camera, ("person", 0.8))
    assert code(rule, image) == "snoozed"
    assert [one.rule for one in Message.objects.all()] == [other]
    assert arming.wake(rule=rule)
    assert code(rule, image) == "sent"
    arming.snooze(MINUTE, camera=camera)
    assert code(rule, see(camera, ("person", 0.8))) == "snoozed"


def test_nobody_is_told_of_what_is_long_past(camera: Camera, make_rule: MakeRule) -> None:
    rule = make_rule(PERSON)
    assert code(rule, see(camera, ("person", 0.8), at=timezone.now() - 20 * MINUTE)) == "late"
