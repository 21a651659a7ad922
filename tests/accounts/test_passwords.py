"""Changing one's password, and getting back in without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as set_so
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests.accounts.conftest import PASSWORD, mails_are_sent, signed_in

NEW = "staple of another kind"


def ask(client: Client, address: str = "dora@example.org", **extra: Any) -> list[str]:
    """Ask for a link; the links in the mails so far."""
    answer = client.post("/account/lost-password/", {"email": address}, **extra)
    assert answer.headers["Location"] == "/account/lost-password/sent/"
    mails_are_sent()
    return [link for one in mail.outbox for link in re.findall(r"https?://\S+", str(one.body))]


def choose(client: Client, link: str, password: str = NEW) -> int:
    """Follow a link and choose a password; the status of the last answer."""
    page = client.get(re.sub(r"https?://[^/]+", "", link), follow=True)
    address = page.redirect_chain[-1][0] if page.redirect_chain else link
    return client.post(address, {"new_password1": password, "new_password2": password}).status_code


def test_it_changes_the_password_and_signs_out_every_other_browser(dora: User, sign_in: Callable[..., Client]) -> None:
    here, there = sign_in(), sign_in()
    form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    answer = here.post("/account/password/", form, follow=True)
    assert "signed out everywhere else" in answer.content.decode()
    assert signed_in(here) and not signed_in(there)
    assert here.get("/account/").context["places"][0].here and len(here.get("/account/").context["places"]) == 1
    assert signed_in(sign_in(password=NEW)) and not signed_in(sign_in())


@pytest.mark.parametrize(
    ("old", "first", "second"),
    [("wrong", NEW, NEW), (PASSWORD, NEW, "other"), (PASSWORD, "dora", "dora"), (PASSWORD, "password1", "password1")],
)
def test_it_keeps_the_password_where_the_old_one_or_the_new_one_is_no_good(
    dora: User, sign_in: Callable[..., Client], old: str, first: str, second: str
) -> None:
    form = {"old_password": old, "new_password1": first, "new_password2": second}
    answer = sign_in().post("/account/password/", form)
    assert answer.status_code == 200 and "field-problem" in answer.content.decode()
    assert User.objects.get().check_password(PASSWORD)


def test_it_mails_a_link_that_sets_a_new_password_once(
    client: Client, dora: User, sign_in: Callable[..., Client]
) -> None:
    elsewhere = sign_in()
    (link,) = ask(client)
    assert mail.outbox[0].to == ["dora@example.org"] and "dora" in mail.outbox[0].body
    assert choose(client, link) == 302
    assert signed_in(sign_in(password=NEW)) and not signed_in(elsewhere)
    assert "worn out" in Client().get(link.partition(":8000")[2], follow=True).content.decode()


def test_a_new_password_opens_a_name_that_wrong_ones_locked(client: Client, dora: User) -> None:
    for _ in range(set_so.AXES_FAILURE_LIMIT):
        client.post("/login/", {"username": "dora", "password": "wrong"})
    (link,) = ask(client)
    choose(client, link)
    client.post("/login/", {"username": "dora", "password": NEW})
    assert signed_in(client)


def test_a_link_wears_out_with_time(client: Client, dora: User, settings: Settings) -> None:
    (link,) = ask(client)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "worn out" in client.get(link.partition(":8000")[2], follow=True).content.decode()


def test_it_answers_a_stranger_as_it_answers_a_person_and_mails_nobody(client: Client, dora: User) -> None:
    assert ask(client, "nobody@example.org") == []
    User.objects.update(is_active=False)
    assert ask(client) == []


@pytest.mark.parametrize(
    ("server", "says"), [("", "librarian’s log"), ("smtp://mail.example.org", "link is on its way")]
)
def test_it_says_where_the_link_went(client: Client, settings: Settings, server: str, says: str) -> None:
    settings.EMAIL_URL = server
    assert says in client.get("/account/lost-password/sent/").content.decode()


def test_it_fills_nobodys_letter_box(client: Client, dora: User) -> None:
    for _ in range(5):
        ask(client)
    assert len(mail.outbox) == 1


def test_links_lead_to_the_address_of_the_site_whatever_the_request_says(
    client: Client, dora: User, settings: Settings
) -> None:
    settings.SITE_URL = "https://cams.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    (link,) = ask(client, HTTP_HOST="evil.example")
    assert link.startswith("https://cams.example.org/account/lost-password/")


def test_a_mail_server_that_fails_changes_nothing_on_the_page(
    client: Client, dora: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert ask(client) == []
    assert "Failed to send password reset email" in caplog.text


def test_the_log_does_not_hold_the_key_of_a_link(client: Client, dora: User, caplog: pytest.LogCaptureFixture) -> None:
    (link,) = ask(client)
    key = link.rstrip("/").rpartition("/")[2]
    with caplog.at_level("DEBUG", "web.request"):
        client.get(link.partition(":8000")[2])
    assert "/account/lost-password/" in caplog.text and key not in caplog.text


def test_a_person_who_is_no_longer_active_is_out_at_once_and_stays_out(
    dora: User, sign_in: Callable[..., Client]
) -> None:
    client = sign_in()
    assert signed_in(client)
    dora.is_active = False
    dora.save()
    assert not signed_in(client) and not signed_in(sign_in())
    dora.is_active = True
    dora.save()
    assert not signed_in(client)


def test_signing_in_removes_sessions_that_are_over(dora: User, sign_in: Callable[..., Client]) -> None:
    from qsessions.models import Session

    sign_in()
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    sign_in()
    assert Session.objects.count() == 1


def test_the_old_password_cannot_be_guessed_for_ever(dora: User, sign_in: Callable[..., Client]) -> None:
    browser = sign_in()
    form = {"new_password1": NEW, "new_password2": NEW}
    for _ in range(set_so.AXES_FAILURE_LIMIT):
        answer = browser.post("/account/password/", {"old_password": "wrong", **form})
    assert answer.status_code == 429
    assert browser.post("/account/password/", {"old_password": PASSWORD, **form}).status_code == 429
    assert User.objects.get().check_password(PASSWORD)


def test_the_mail_leads_to_our_own_port_whatever_the_browser_says(client: Client, dora: User) -> None:
    (link,) = ask(client, headers={"host": "localhost:6666"})
    assert link.startswith("http://localhost:8000/account/")
