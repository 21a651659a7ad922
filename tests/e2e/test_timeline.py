"""The timeline under pointer, finger and keys."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, Pages

WEEK = "/events/timeline/?days=7"
IMAGE_SHOWN = "image => image.complete && image.naturalWidth > 0"
LEADS = re.compile(r"/(visits|images)/\d+/$")


def lane(page: Page) -> tuple[Locator, float, float]:
    """The lane of the camera with a past, and where in it the last step is of which there is a visit."""
    found = page.locator('.lane[aria-label^="street Corner"]')
    told = (found.get_attribute("data-told") or "").split("|")
    step = max(number for number, text in enumerate(told) if text and text.split(",")[0] != "0")
    found.scroll_into_view_if_needed()
    box = found.bounding_box()
    assert box
    span = float(page.locator("#timeline").get_attribute("data-span") or 0)
    return found, box["width"] * (step + 0.5) / span, box["height"] / 2


def test_a_pointer_shows_the_picture_and_a_press_opens_its_visit(pages: Pages) -> None:
    page = pages(WEEK)
    found, x, y = lane(page)
    found.hover(position={"x": x, "y": y})
    card = page.locator("#timeline-card")
    expect(card).to_contain_text("visit")
    expect(card.locator("img")).to_be_visible()
    assert card.locator("img").evaluate(IMAGE_SHOWN)
    expect(card).to_contain_text("street Corner")
    found.click(position={"x": x, "y": y})
    expect(page).to_have_url(LEADS)


def test_a_finger_shows_the_picture_first(pages: Pages) -> None:
    page = pages(WEEK, **PHONE)
    found, x, y = lane(page)
    found.tap(position={"x": x, "y": y})
    link = page.locator("#timeline-card a")
    expect(link).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    link.tap()
    expect(page).to_have_url(LEADS)


def test_keys_go_from_step_to_step_and_open_one(pages: Pages) -> None:
    page = pages(WEEK)
    found, _, _ = lane(page)
    page.keyboard.press("Tab")
    found.focus()
    page.keyboard.press("End")
    last = found.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowLeft")
    expect(found).not_to_have_attribute("aria-valuetext", last or "")
    expect(page).to_have_url(re.compile(r"days=7$"))
    expect(page.locator("#timeline-card img")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#timeline-card")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page).to_have_url(LEADS)


def test_days_and_lengths_are_a_press_away(pages: Pages) -> None:
    page = pages("/events/timeline/")
    page.get_by_role("link", name="Month").click()
    expect(page).to_have_url(re.compile(r"\?days=31$"))
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(r"day=[\d-]+&days=31$"))
    page.get_by_role("link", name="Today").click()
    page.locator(".lane-axis a").first.click()
    expect(page).to_have_url(re.compile(r"\?day=[\d-]+$"))


def test_it_works_without_scripts(pages: Pages) -> None:
    page = pages("/events/timeline/?days=3", java_script_enabled=False)
    page.get_by_text("Steps as a table").click()
    page.locator(".timeline-data a").last.click()
    expect(page).to_have_url(re.compile(r"step=\d+$"))
    expect(page.locator(".timeline-pictures .card").first).to_be_visible()
