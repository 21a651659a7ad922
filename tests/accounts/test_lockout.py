"""What happens after too many wrong passwords, and to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as now
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests.accounts.conftest import PASSWORD, signed_in

LIMIT = now.AXES_FAILURE_LIMIT


def guess(times: int, name: str = "dora", address: str = "192.168.1.30", **meta: Any) -> Client:
    client = Client(REMOTE_ADDR=address, **meta)
    for _ in range(times):
        client.post("/login/", {"username": name, "password": "wrong"})
    return client


def test_it_locks_a_name_for_the_address_that_guesses_and_says_how_long(
    dora: User, sign_in: Callable[..., Client]
) -> None:
    phone = guess(LIMIT)
    answer = phone.post("/login/", {"username": "dora", "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 600
    assert "10 minutes" in answer.content.decode() and "no-store" in answer.headers["Cache-Control"]
    assert not signed_in(phone)


def test_it_locks_nobody_else_in_the_house(dora: User, sign_in: Callable[..., Client]) -> None:
    User.objects.create_user("emil", password=PASSWORD)
    guess(LIMIT + 1)
    assert signed_in(sign_in(REMOTE_ADDR="192.168.1.31"))
    assert signed_in(sign_in("emil", REMOTE_ADDR="192.168.1.30"))


def test_slips_are_forgotten_with_the_right_password(dora: User, sign_in: Callable[..., Client]) -> None:
    for _ in range(2):
        guess(LIMIT - 1)
        assert signed_in(sign_in(REMOTE_ADDR="192.168.1.30"))


def test_the_lock_ends_by_itself_and_trying_does_not_lengthen_it(dora: User, sign_in: Callable[..., Client]) -> None:
    guess(LIMIT)
    began = AccessAttempt.objects.get().attempt_time
    guess(3)
    assert AccessAttempt.objects.get().attempt_time == began
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=10, seconds=1))
    assert signed_in(sign_in(REMOTE_ADDR="192.168.1.30"))


def test_the_admin_has_no_login_page_of_its_own(dora: User, sign_in: Callable[..., Client]) -> None:
    for page in ("/admin/", "/admin/login/"):
        assert Client().get(page, follow=True).redirect_chain[-1][0].startswith("/login/?next=/admin/")
        assert sign_in().get(page, follow=True).status_code == 403


def test_names_that_nobody_has_are_treated_as_those_that_somebody_has(db: None) -> None:
    client = guess(LIMIT, "nobody")
    assert client.post("/login/", {"username": "nobody", "password": "x"}).status_code == 429


@pytest.mark.parametrize("way", ["action", "row"])
def test_staff_unlock_a_name(dora: User, sign_in: Callable[..., Client], way: str) -> None:
    User.objects.create_user("anna", password=PASSWORD, is_staff=True)
    guess(LIMIT)
    staff = sign_in("anna")
    if way == "action":
        staff.post("/admin/accounts/user/", {"action": "unlock", "_selected_action": [dora.pk]})
    else:
        row = AccessAttempt.objects.get()
        assert "192.168.1.30" in staff.get("/admin/axes/accessattempt/").content.decode()
        staff.post(f"/admin/axes/accessattempt/{row.pk}/delete/", {"post": "yes"})
    assert signed_in(sign_in(REMOTE_ADDR="192.168.1.30"))


def test_a_household_counts_as_one_address_of_ipv6(dora: User) -> None:
    for number in range(LIMIT):
        guess(1, address=f"2001:db8:1:2::{number:x}")
    answer = Client(REMOTE_ADDR="2001:db8:1:2::ffff").post("/login/", {"username": "dora", "password": PASSWORD})
    assert answer.status_code == 429


def test_no_password_is_kept_of_wrong_guesses(dora: User) -> None:
    Client().post("/login/", {"username": "dora", "password": "my bank's password"})
    assert "my bank" not in str(AccessAttempt.objects.values().get())


def test_behind_a_trusted_proxy_browsers_are_told_apart(
    dora: User, sign_in: Callable[..., Client], settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = ("127.0.0.0/8", "10.0.0.0/24")
    guess(LIMIT, address="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.7, 10.0.0.9")
    locked = sign_in(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4, 203.0.113.7, 10.0.0.9")
    assert not signed_in(locked), "what stands before the first untrusted address is made up"
    assert signed_in(sign_in(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.8"))


def test_nobody_escapes_by_naming_other_addresses(dora: User, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(LIMIT + 1):
        client = guess(1, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    answer = client.post("/login/", {"username": "dora", "password": PASSWORD})
    assert answer.status_code == 429
    assert "192.168.1.30 forwards requests and is not among TRUSTED_PROXIES" in caplog.text


def test_the_zone_of_an_address_is_left_out(dora: User) -> None:
    browser = Client(REMOTE_ADDR="fe80::d6d2:52ff:fe12:3456%enp0s31f6-of-a-long-name")
    assert browser.post("/login/", {"username": "dora", "password": PASSWORD}).status_code == 302
    assert browser.get("/account/").context["places"][0].ip == "fe80::d6d2:52ff:fe12:3456"
