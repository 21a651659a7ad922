"""Where one is signed in, and the end of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from qsessions.models import Session

from accounts.models import User
from accounts.sessions import Place
from tests.accounts.conftest import DESK, PASSWORD, PHONE, signed_in


def places(client: Client) -> list[Place]:
    found: list[Place] = client.get("/account/").context["places"]
    return found


def test_it_lists_every_browser_with_its_address_and_marks_this_one(dora: User, sign_in: Callable[..., Client]) -> None:
    sign_in(HTTP_USER_AGENT=PHONE, REMOTE_ADDR="192.168.1.30")
    desk = sign_in(HTTP_USER_AGENT=DESK, REMOTE_ADDR="192.168.1.31")
    found = [(one.device, one.ip, one.here) for one in places(desk)]
    assert found == [
        ("Firefox on Linux", "192.168.1.31", True),
        ("Chrome Mobile on Android", "192.168.1.30", False),
    ]
    page = desk.get("/account/").content.decode()
    assert page.count("This one") == 1 and page.count("Chrome Mobile on Android</bdi>") == 1


def test_it_signs_out_a_single_browser(dora: User, sign_in: Callable[..., Client]) -> None:
    here, lost, kept = sign_in(), sign_in(REMOTE_ADDR="10.0.0.1"), sign_in(REMOTE_ADDR="10.0.0.2")
    mark = next(one.mark for one in places(here) if one.ip == "10.0.0.1")
    assert here.post("/account/sessions/end/", {"mark": mark}).status_code == 302
    assert signed_in(here) and signed_in(kept) and not signed_in(lost)


def test_it_signs_out_everywhere_else(dora: User, sign_in: Callable[..., Client]) -> None:
    here, others = sign_in(), [sign_in(), sign_in()]
    page = here.post("/account/sessions/end-others/", follow=True).content.decode()
    assert "Signed out 2 other browsers" in page
    assert signed_in(here) and not any(map(signed_in, others))


def test_nobody_ends_or_sees_the_sessions_of_others(dora: User, sign_in: Callable[..., Client]) -> None:
    User.objects.create_user("emil", password=PASSWORD)
    dora_here, emil_here = sign_in(), sign_in("emil")
    assert len(places(emil_here)) == 1
    emil_here.post("/account/sessions/end/", {"mark": places(dora_here)[0].mark})
    emil_here.post("/account/sessions/end-others/")
    assert signed_in(dora_here)


def test_the_page_does_not_hold_the_keys_of_sessions(dora: User, sign_in: Callable[..., Client]) -> None:
    sign_in()
    page = sign_in().get("/account/").content.decode()
    assert re.search(r'name="mark" value="[0-9a-f]{32}"', page)
    assert not any(session.session_key in page for session in Session.objects.all())


def test_links_and_other_sites_cannot_end_a_session(dora: User, sign_in: Callable[..., Client]) -> None:
    sign_in()
    key = sign_in().cookies["librarian"].value
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["librarian"] = key
    assert strict.get("/account/sessions/end-others/").status_code == 405
    assert strict.post("/account/sessions/end-others/").status_code == 403
    assert Session.objects.count() == 2


def test_it_notes_when_a_session_was_last_used_without_a_write_for_every_request(
    dora: User, sign_in: Callable[..., Client]
) -> None:
    client = sign_in()
    before = timezone.now() - timedelta(minutes=10)
    Session.objects.update(updated_at=before)
    signed_in(client)
    assert Session.objects.get().updated_at == before
    store = client.session
    store["seen"] = before.timestamp()
    store.save()
    Session.objects.update(updated_at=before, expire_date=timezone.now() + timedelta(days=1))
    signed_in(client)
    renewed = Session.objects.get()
    assert renewed.updated_at > before and renewed.expire_date > timezone.now() + timedelta(days=13)


def test_the_key_changes_when_somebody_signs_in(client: Client, dora: User) -> None:
    store = client.session
    store["anything"] = 1
    store.save()
    client.cookies["librarian"] = str(store.session_key)
    client.post("/login/", {"username": "dora", "password": PASSWORD})
    assert client.cookies["librarian"].value != store.session_key
    assert not Session.objects.filter(session_key=store.session_key).exists()


def test_signing_out_ends_the_session_and_says_so(dora: User, sign_in: Callable[..., Client]) -> None:
    client = sign_in()
    page = client.post("/logout/", follow=True)
    assert "You are signed out." in page.content.decode()
    assert not Session.objects.exists() and not signed_in(client)


def test_staff_sign_a_person_out_everywhere(dora: User, sign_in: Callable[..., Client]) -> None:
    User.objects.create_user("anna", password=PASSWORD, is_staff=True)
    phone, staff = sign_in(), sign_in("anna")
    form: dict[str, object] = {"action": "log_out", "_selected_action": [dora.pk]}
    page = staff.post("/admin/accounts/user/", form).content.decode()
    assert "Sign out everywhere?" in page and "<li>dora</li>" in page
    assert signed_in(phone), "it asks first"
    page = staff.post("/admin/accounts/user/", form | {"confirmed": "yes"}, follow=True).content.decode()
    assert "They are signed out everywhere." in page
    assert signed_in(staff) and not signed_in(phone)


def test_staff_who_sign_themselves_out_everywhere_stay_here(dora: User, sign_in: Callable[..., Client]) -> None:
    anna = User.objects.create_user("anna", password=PASSWORD, is_staff=True)
    phone, here, elsewhere = sign_in(), sign_in("anna"), sign_in("anna")
    form = {"action": "log_out", "_selected_action": [dora.pk, anna.pk], "confirmed": "yes"}
    page = here.post("/admin/accounts/user/", form, follow=True).content.decode()
    assert "signed out everywhere, but for you in this browser" in page
    assert signed_in(here) and not signed_in(phone) and not signed_in(elsewhere)
