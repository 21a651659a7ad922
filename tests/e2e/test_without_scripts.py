"""Everything that matters works in a browser without scripts."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import STRANGER, Options, Pages, sign_in
from tests.e2e.filling import PASSWORD, VIEWER

OFF: Options = {"java_script_enabled": False}


def test_signing_in_and_out(pages: Pages) -> None:
    page = pages("/login/", STRANGER, **OFF)
    sign_in(page, VIEWER, PASSWORD)
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile(r"/login/$"))


def test_paging_through_the_gallery_and_its_pictures(pages: Pages) -> None:
    page = pages("/gallery/", **OFF)
    cards = page.locator("#pictures > .card")
    expect(cards).to_have_count(30)
    first = cards.first.get_attribute("id")
    page.get_by_role("link", name="Older").click()
    expect(cards).to_have_count(30)
    expect(page.locator(f"#{first}")).to_have_count(0)
    page.get_by_role("link", name="Newer").click()
    expect(page.locator(f"#{first}")).to_be_visible()
    page.locator("#pictures > .card:has(.overlay .box)").first.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/images/\d+/$"))
    expect(page.locator(".overlay .box").first).to_be_visible()


def test_filters_have_a_button(pages: Pages) -> None:
    page = pages("/gallery/", **OFF)
    page.get_by_label("Camera").select_option(label="gate Driveway")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#pictures > .card")).to_have_count(8)


def test_the_theme_can_be_chosen(pages: Pages) -> None:
    page = pages("/visits/", **OFF)
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Dark").click()
    expect(page).to_have_url(re.compile(r"/visits/$"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
