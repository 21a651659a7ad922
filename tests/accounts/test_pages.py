"""What holds for every page: who may open it, and the headers that browsers guard it by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from tests.accounts.conftest import PASSWORD

OPEN = {
    "web:login",
    "web:healthz",
    "web:readyz",
    "web:manifest",  # browsers fetch these three without a login; they say nothing of anybody
    "web:service_worker",
    "web:offline",
    "web:metrics",  # asks for a token of its own
    "accounts:reset",
    "accounts:reset_sent",
    "accounts:reset_done",
    "accounts:reset_confirm",
}
INLINE = [
    r"<style\b",
    r"<[^>]+\sstyle\s*=",
    r"<[^>]+\son[a-z]+\s*=",
    r"<script\b(?![^>]*\ssrc=)(?![^>]*application/json)",
    r"javascript:",
]


def patterns(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, f"{one.namespace}:" if one.namespace else space)
        elif one.name:
            yield f"{space}{one.name}", one


EVERY = dict(patterns(get_resolver()))
WORDS = {"uidb64": "MQ", "token": "a-b", "app_label": "accounts"}


def address(name: str) -> str:
    """The address of a page, with something for each of its parameters."""
    regex = EVERY[name].pattern.regex
    words = {key: WORDS.get(key, 1) for key in regex.groupindex}
    try:
        return reverse(name, kwargs=words)
    except NoReverseMatch:  # the admin's patterns name theirs otherwise
        return reverse(name, args=["accounts"] if "app_list" in name else [1] * max(1, regex.groups))


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_meet_the_login_on_every_other_page(client: Client, method: str) -> None:
    logins = ("/login/?next=", "/admin/login/?next=")
    answers = {name: getattr(client, method)(address(name)) for name in set(EVERY) - OPEN}
    inside = [name for name, answer in answers.items() if not answer.headers.get("Location", "").startswith(logins)]
    assert "web:file" in answers and inside == []


@pytest.mark.parametrize("name", sorted(OPEN))
def test_the_open_pages_are_open(client: Client, name: str) -> None:
    assert client.get(address(name)).status_code in {200, 401, 405, 503}


@pytest.fixture
def staff(sign_in: Callable[..., Client]) -> Client:
    User.objects.create_user("anna", "anna@example.org", PASSWORD, is_staff=True)
    return sign_in("anna")


def test_every_page_has_the_policy_and_nothing_that_it_forbids(staff: Client) -> None:
    pages = {}
    for name in EVERY:
        answer = staff.get(address(name))
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], name
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            pages[name] = answer.content.decode()
    assert {"accounts:account", "admin:index", "admin:accounts_user_changelist", "web:gallery"} <= set(pages)
    forbidden = {name: found[0] for name, page in pages.items() for rule in INLINE if (found := re.search(rule, page))}
    assert forbidden == {}


@pytest.mark.parametrize("name", ["web:login", "web:healthz", "accounts:account", "admin:index", "web:file"])
def test_every_answer_has_the_headers(staff: Client, name: str) -> None:
    headers = staff.get(address(name)).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy
    assert {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} <= set(policy.split("; "))
    assert headers["Referrer-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"] and "geolocation=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_cookies_are_kept_from_scripts_and_from_other_sites(dora: User) -> None:
    client = Client()
    client.get("/login/")
    client.post("/login/", {"username": "dora", "password": PASSWORD})
    for name in ("librarian", "csrftoken"):
        assert client.cookies[name]["httponly"] and client.cookies[name]["samesite"] == "Lax"
    assert client.cookies["librarian"]["max-age"] == 14 * 24 * 3600


def test_staff_administer_and_viewers_do_not(staff: Client, dora: User, sign_in: Callable[..., Client]) -> None:
    assert "/admin/accounts/user/add/" in staff.get("/admin/").content.decode()
    form = {"username": "emil", "password1": "ninety nine words", "password2": "ninety nine words", "is_active": "on"}
    form |= {"email": "emil@example.org", "only_chosen_cameras": "on", "usable_password": "true"}
    assert staff.post("/admin/accounts/user/add/", form).status_code == 302
    made = User.objects.get(username="emil")
    assert (made.is_staff, made.is_superuser, made.only_chosen_cameras) == (False, False, True)
    User.objects.filter(pk=dora.pk).update(is_staff=True, is_superuser=True)
    staff.post(f"/admin/accounts/user/{dora.pk}/change/", {"username": "dora", "is_active": "on", **PROFILE})
    assert not User.objects.get(pk=dora.pk).is_superuser
    assert sign_in().get("/admin/accounts/user/").status_code == 302


def test_a_person_who_is_limited_loses_the_other_cameras_at_once(dora: User, sign_in: Callable[..., Client]) -> None:
    client = sign_in()
    assert "<dd>all</dd>" in client.get("/account/").content.decode()
    User.objects.filter(pk=dora.pk).update(only_chosen_cameras=True)
    assert "none yet" in client.get("/account/").content.decode()


PERSON = "/admin/accounts/user/{}/{}/"
PROFILE = {"theme": "auto", "density": "comfortable"}
LAST = "Somebody has to be left who may administer"


@pytest.mark.parametrize("form", [{"is_active": "on"}, {"is_staff": "on"}, {}])
def test_the_last_one_who_administers_stays(staff: Client, dora: User, form: dict[str, str]) -> None:
    anna = User.objects.get(username="anna")
    User.objects.create_user("emil", is_staff=True, is_active=False)
    page = staff.post(PERSON.format(anna.pk, "change"), {"username": "anna", **PROFILE, **form})
    assert LAST in page.content.decode()
    anna.refresh_from_db()
    assert anna.is_staff and anna.is_active
    User.objects.filter(pk=dora.pk).update(is_staff=True)
    assert staff.post(PERSON.format(anna.pk, "change"), {"username": "anna", **PROFILE, **form}).status_code == 302
    anna.refresh_from_db()
    assert not (anna.is_staff and anna.is_active)


def test_the_last_one_who_administers_is_not_deleted(staff: Client, dora: User) -> None:
    anna = User.objects.get(username="anna")
    User.objects.filter(pk=dora.pk).update(is_staff=True)
    both = {"action": "delete_selected", "_selected_action": [anna.pk, dora.pk], "post": "yes"}
    assert LAST in staff.post("/admin/accounts/user/", both).content.decode()
    assert User.objects.count() == 2
    assert staff.post(PERSON.format(dora.pk, "delete"), {"post": "yes"}).status_code == 302
    assert LAST in staff.post(PERSON.format(anna.pk, "delete"), {"post": "yes"}).content.decode()
    assert User.objects.get() == anna
