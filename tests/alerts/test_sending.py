from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from alerts import considering, secrets, sending
from alerts.channels import KINDS
from alerts.models import Channel, Delivery, DeliveryState, Message
from cameras.models import Camera
from tests.alerts.conftest import PERSON, MakeRule, see
from tests.alerts.servers import Mailbox, Webhook, mailbox, webhook


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with webhook() as found:
        yield found


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Channels that the sender asks a worker for; the tests are the worker."""
    found: list[int] = []
    monkeypatch.setattr(sending, "send_now", found.append)
    return found


def by(address: str, name: str = "Hook") -> Channel:
    return Channel.objects.create(name=name, kind="apprise", secret=secrets.encrypt(address))


def waiting(channel: Channel, number: int = 1) -> list[Delivery]:
    now = timezone.now()
    return [
        Delivery.objects.create(
            message=Message.objects.create(text=f"text {n}", at=now, updated_at=now), channel=channel, next_at=now
        )
        for n in range(number)
    ]


def test_a_mail_brings_the_text_and_the_picture(camera: Camera, make_rule: MakeRule, box: Mailbox) -> None:
    rule = make_rule(PERSON, name="Back door")
    channel = by(box.url)
    rule.channels.set([channel])
    considering.consider_image(see(camera, ("person", 0.8)).pk, read=False)
    assert sending.send_by(channel.pk) == 1
    (mail,) = box.got
    assert mail["Subject"] == "Back door"
    body = mail.get_body(("plain", "html"))
    assert body and "A person at the back door" in body.get_content()
    assert [one.get_content_type() for one in mail.iter_attachments()] == ["image/jpeg"]
    row = Delivery.objects.get()
    assert (row.state, row.answer, row.sent_version) == (DeliveryState.SENT, "delivered", 1)
    assert Message.objects.get().sent_at and row.milliseconds
    assert sending.send_by(channel.pk) == 0, "once"


def test_a_dead_channel_takes_one_attempt_however_much_waits_and_goes_on_when_it_lives(
    db: None, data_dir: object, hook: Webhook
) -> None:
    channel = by(hook.url)
    waiting(channel, 20)
    hook.status = 500
    assert sending.send_by(channel.pk) == 0
    channel.refresh_from_db()
    assert (channel.failures, channel.lease_until) == (1, None) and "500" in channel.problem
    assert sum(one.attempts for one in Delivery.objects.all()) == 1
    assert sending.send_due() == 0, "it is left alone for some seconds"
    hook.status = 200
    Channel.objects.update(next_try_at=timezone.now())
    assert sending.send_by(channel.pk) == 19
    Delivery.objects.update(next_at=timezone.now())
    assert sending.send_by(channel.pk) == 1
    assert len(hook.got) == 20


def test_what_fails_too_often_is_given_up_and_can_be_sent_again(
    db: None, data_dir: object, hook: Webhook, asked: list[int]
) -> None:
    channel = by(hook.url)
    (row,) = waiting(channel)
    hook.status = 403
    for _ in range(sending.MOST_ATTEMPTS):
        Channel.objects.update(next_try_at=None)
        Delivery.objects.update(next_at=timezone.now())
        sending.send_by(channel.pk)
    row.refresh_from_db()
    assert row.state == DeliveryState.DEAD and "403" in row.answer
    hook.status = 200
    assert sending.send_again(row.pk) and asked[-1] == channel.pk
    assert sending.send_by(channel.pk) == 1


def test_a_channel_that_is_dead_for_a_day_loses_only_what_is_old(db: None, data_dir: object, hook: Webhook) -> None:
    channel = by(hook.url)
    old, new = waiting(channel, 2)
    Message.objects.filter(pk=old.message_id).update(created_at=timezone.now() - timedelta(hours=25))
    sending.send_by(channel.pk)
    assert Delivery.objects.get(pk=old.pk).state == DeliveryState.DEAD
    assert Delivery.objects.get(pk=new.pk).state == DeliveryState.SENT


def test_a_worker_that_was_killed_gives_its_channel_back(
    db: None, data_dir: object, hook: Webhook, asked: list[int]
) -> None:
    channel = by(hook.url)
    waiting(channel)
    assert sending.lease(channel.pk)
    assert sending.send_by(channel.pk) == 0, "somebody has it"
    Channel.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sending.send_due() == 1 and asked == [channel.pk]
    assert sending.send_by(channel.pk) == 1


def test_addresses_are_encrypted_and_shown_without_secrets(db: None, data_dir: object, hook: Webhook) -> None:
    shown = KINDS["apprise"].shown(hook.url)
    assert "hush" not in shown and "127.0.0.1" in shown
    channel = by(hook.url)
    assert "hush" not in channel.secret and secrets.decrypt(channel.secret) == hook.url
    with pytest.raises(ValidationError):
        KINDS["apprise"].shown("nothing://x")
    with pytest.raises(ValidationError, match="desktop"):
        KINDS["apprise"].shown("dbus://")


def test_a_lost_key_is_said_and_breaks_nothing_else(db: None, data_dir: object, hook: Webhook) -> None:
    channel = by(hook.url)
    Channel.objects.update(secret=channel.secret[:-8] + "AAAAAAA=")
    trial = sending.try_out(Channel.objects.get())
    assert not trial.ok and "write it anew" in trial.answer


def test_a_try_out_says_at_once_whether_it_works(db: None, data_dir: object, hook: Webhook) -> None:
    channel = by(hook.url)
    assert sending.try_out(channel).ok and hook.got[0]["message"].startswith("This is a try-out")
    hook.status = 401
    trial = sending.try_out(channel)
    channel.refresh_from_db()
    assert not trial.ok and "401" in channel.problem
