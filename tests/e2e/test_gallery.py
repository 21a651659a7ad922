"""The gallery with a mouse, a finger and the back button."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, Options, Pages
from tests.e2e.filling import PAST_DAYS

PAGE_SIZE = 30
ALL = 9 + sum(PAST_DAYS.values())


def cards(page: Page) -> Locator:
    return page.locator("#pictures > .card")


def scroll_to_the_end(page: Page) -> None:
    """Scroll as a person does, until nothing older comes."""
    while page.locator(".more").count():
        before = cards(page).count()
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        expect(cards(page)).not_to_have_count(before)


def boxes_of(card: Locator, shown: bool) -> None:
    """The card's boxes are there, or cannot be seen."""
    expect(card.locator(".overlay")).to_have_css("opacity", "1" if shown else "0")


def loaded(page: Page, card: Locator) -> None:
    """The card's thumbnail is there, once it is in sight."""
    card.scroll_into_view_if_needed()
    page.wait_for_function("one => one.naturalWidth > 0", arg=card.locator("img").element_handle())


def test_it_shows_the_newest_pictures_in_a_grid(pages: Pages) -> None:
    page = pages("/gallery/")
    expect(cards(page)).to_have_count(PAGE_SIZE)
    expect(cards(page).first).to_contain_text("yard Barn")
    expect(cards(page).first).to_contain_text("7HRZ319")
    boxes = [card.bounding_box() for card in cards(page).all()[:2]]
    assert boxes[0] and boxes[1]
    assert boxes[0]["y"] == boxes[1]["y"] and boxes[0]["x"] < boxes[1]["x"]
    loaded(page, cards(page).first)


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])
def test_scrolling_leads_to_the_oldest_and_every_picture_comes_once(pages: Pages, device: Options) -> None:
    page = pages("/gallery/", **device)
    scroll_to_the_end(page)
    numbers = [card.get_attribute("id") for card in cards(page).all()]
    assert len(numbers) == len(set(numbers)) == ALL
    loaded(page, cards(page).last)
    expect(page.locator(".day-head")).to_have_count(1 + len(PAST_DAYS))


def test_the_back_button_leads_to_the_picture_that_was_left(pages: Pages) -> None:
    page = pages("/gallery/")
    scroll_to_the_end(page)
    left = cards(page).nth(70)
    number = left.get_attribute("id")
    left.get_by_role("link").click()
    page.get_by_role("dialog").get_by_role("link", name="Details").click()
    expect(page).to_have_url(re.compile(r"/images/\d+/$"))
    page.go_back()
    expect(page.get_by_role("dialog", name="Picture")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f"#{number}")).to_be_in_viewport()
    page.go_back()
    expect(page).to_have_url("about:blank")


def test_filters_stand_in_the_address_and_can_be_shared(pages: Pages) -> None:
    page = pages("/gallery/")
    page.get_by_label("Camera").select_option(label="gate Driveway")
    expect(cards(page)).to_have_count(8)
    expect(page).to_have_url(re.compile(r"/gallery/\?camera=\d+$"))
    shared = pages(page.url)
    expect(cards(shared)).to_have_count(8)
    expect(shared.get_by_label("Camera").locator("option:checked")).to_have_text("gate Driveway")
    page.get_by_role("link", name="Clear").click()
    expect(page).to_have_url(re.compile(r"/gallery/$"))
    expect(cards(page)).to_have_count(PAGE_SIZE)


def test_a_day_without_pictures_leads_to_the_nearest(pages: Pages) -> None:
    tomorrow = date.today() + timedelta(days=1)
    page = pages(f"/gallery/?day={tomorrow}")
    expect(page.locator("main")).to_contain_text("Nothing on this day")
    page.locator(".empty-state").get_by_role("link", name="Show").first.click()
    expect(cards(page).first).to_be_visible()


def test_boxes_appear_under_the_pointer_and_with_the_focus(pages: Pages) -> None:
    page = pages("/gallery/")
    first, second = cards(page).nth(0), cards(page).nth(1)
    boxes_of(first, False)
    first.hover()
    boxes_of(first, True)
    boxes_of(second, False)
    second.get_by_role("link").focus()
    boxes_of(second, True)
    box = second.locator(".box-vehicle").bounding_box()
    picture = second.locator("img").bounding_box()
    assert box and picture
    assert picture["x"] <= box["x"] and box["x"] + box["width"] <= picture["x"] + picture["width"]
    assert 20 < box["width"] < picture["width"]


def test_a_switch_and_a_key_show_all_boxes(pages: Pages) -> None:
    page = pages("/gallery/")
    page.keyboard.press("b")
    boxes_of(cards(page).nth(3), True)
    expect(page.get_by_label("Boxes")).to_be_checked()
    page.keyboard.press("b")
    boxes_of(cards(page).nth(3), False)
