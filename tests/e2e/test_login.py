"""Signing in and out, as people do it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import STRANGER, Pages, sign_in
from tests.e2e.filling import PASSWORD, VIEWER


def test_a_person_signs_in_where_they_wanted_to_go_and_out_again(pages: Pages) -> None:
    page = pages("/plates/", STRANGER)
    expect(page).to_have_url(re.compile(r"/login/\?next=/plates/$"))
    page.get_by_label("Username").fill(VIEWER)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Plates")
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile(r"/login/$"))
    page.goto("/plates/")
    expect(page).to_have_url(re.compile(r"/login/"))


def test_a_wrong_password_is_told_and_lets_nobody_in(pages: Pages) -> None:
    page = pages("/login/", STRANGER)
    sign_in(page, "dora", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("correct username and password")
    page.goto("/gallery/")
    expect(page).to_have_url(re.compile(r"/login/"))


def test_the_back_button_shows_nothing_after_signing_out(pages: Pages) -> None:
    page = pages("/login/", STRANGER)
    sign_in(page, VIEWER, PASSWORD)
    page.get_by_role("link", name="Gallery").first.click()
    expect(page.locator("#pictures")).to_be_visible()
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile(r"/login/$"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"/login/"))


def test_a_gallery_whose_session_has_ended_leads_to_the_login_when_it_scrolls_on(pages: Pages) -> None:
    page = pages("/login/", STRANGER)
    sign_in(page, VIEWER, PASSWORD)
    page.goto("/gallery/")
    expect(page.locator("#pictures > .card")).to_have_count(30)
    page.context.clear_cookies()
    page.mouse.wheel(0, 100_000)
    expect(page).to_have_url(re.compile(r"/login/\?next=/gallery/$"))
    expect(page.get_by_label("Username")).to_be_visible()


def test_a_viewer_who_opens_the_admin_is_told_that_it_is_not_for_them(pages: Pages) -> None:
    page = pages("/login/", STRANGER)
    sign_in(page, VIEWER, PASSWORD)
    expect(page.get_by_label(f"Your account, {VIEWER}")).to_be_visible()
    answer = page.request.get("/admin/")
    assert answer.status == 403
    assert "<form" not in answer.text().partition("<main")[2]
