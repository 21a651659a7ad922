"""A picture large, over the gallery: by keyboard, by finger, and with the browser's buttons."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, Pages

SHOWN = "box => { const [one] = box.querySelectorAll('[data-stage] img'); return one.naturalWidth >= 640; }"
"""On a phone the preview is enough, which is half as wide as the picture; a thumbnail is smaller."""


def lightbox(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Picture")


def links(page: Page) -> Locator:
    return page.locator("#pictures .card-link")


def shows(page: Page, number: int) -> None:
    """The picture of that card is there, in full size."""
    address = links(page).nth(number).get_attribute("href")
    expect(lightbox(page).get_by_role("link", name="Details")).to_have_attribute("href", re.compile(f"{address}$"))
    page.wait_for_function(SHOWN, arg=lightbox(page).element_handle())


def swipe(page: Page, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Move a finger over the screen, as the browser's own input."""
    session = page.context.new_cdp_session(page)
    for step in range(6):
        x, y = (first + (last - first) * step // 5 for first, last in zip(start, end, strict=True))
        kind = "touchMove" if step else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def pinch(page: Page, middle: tuple[int, int], spread: tuple[int, int]) -> None:
    """Move two fingers apart, from so far to so far from the middle."""
    session = page.context.new_cdp_session(page)
    x, y = middle
    for step in range(8):
        away = spread[0] + (spread[1] - spread[0]) * step // 7
        points = [{"x": x - away, "y": y, "id": 0}, {"x": x + away, "y": y, "id": 1}]
        session.send("Input.dispatchTouchEvent", {"type": "touchMove" if step else "touchStart", "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def test_two_fingers_zoom_and_the_picture_itself_comes(pages: Pages) -> None:
    page = pages("/gallery/", **PHONE)
    links(page).first.tap()
    shows(page, 0)
    picture = lightbox(page).locator("[data-stage] img")
    expect(picture).to_have_attribute("src", re.compile(r"/preview\.jpg$"))
    before = picture.bounding_box()
    pinch(page, (195, 400), (30, 150))
    expect(page.get_by_role("button", name="Zoom")).to_have_attribute("aria-pressed", "true")
    expect(picture).to_have_attribute("src", re.compile(r"/file\.jpg$"))
    after = picture.bounding_box()
    assert before and after and after["width"] > 2 * before["width"]
    swipe(page, (330, 400), (60, 410))  # moves the picture, and leads to no other
    moved = picture.bounding_box()
    assert moved and moved["x"] < after["x"]
    shows(page, 0)


def test_it_opens_by_keyboard_steps_with_arrows_and_gives_the_focus_back(pages: Pages) -> None:
    page = pages("/gallery/")
    links(page).nth(1).focus()
    page.keyboard.press("Enter")
    shows(page, 1)
    for key, number in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2)):
        page.keyboard.press(key)
        shows(page, number)
    page.keyboard.press("Escape")
    expect(lightbox(page)).to_be_hidden()
    expect(links(page).nth(2)).to_be_focused()
    expect(links(page).nth(2)).to_be_in_viewport()


def test_the_focus_stays_inside_while_it_is_open(pages: Pages) -> None:
    page = pages("/gallery/")
    links(page).first.click()
    shows(page, 0)
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")


def test_the_first_has_no_newer_and_the_last_no_older(pages: Pages) -> None:
    page = pages("/gallery/?camera=1")
    links(page).first.click()
    shows(page, 0)
    expect(page.get_by_role("button", name="Newer")).to_be_hidden()
    for number in range(1, 8):
        page.get_by_role("button", name="Older").click()
        shows(page, number)
    expect(page.get_by_role("button", name="Older")).to_be_hidden()


def test_it_steps_over_the_end_of_what_is_loaded(pages: Pages) -> None:
    page = pages("/gallery/")
    links(page).nth(28).click()
    shows(page, 28)
    for number in (29, 30, 31):
        page.keyboard.press("ArrowRight")
        shows(page, number)


def test_keys_go_on_after_the_last(pages: Pages) -> None:
    page = pages("/gallery/?camera=1")
    links(page).nth(6).click()
    shows(page, 6)
    page.get_by_role("button", name="Older").click()
    shows(page, 7)
    page.keyboard.press("ArrowLeft")
    shows(page, 6)


def test_the_back_button_closes_it(pages: Pages) -> None:
    page = pages("/gallery/")
    links(page).first.click()
    shows(page, 0)
    page.go_back()
    expect(lightbox(page)).to_be_hidden()
    expect(links(page).first).to_be_visible()
    page.go_forward()
    shows(page, 0)


def test_boxes_can_be_put_away_and_stay_away(pages: Pages) -> None:
    page = pages("/gallery/")
    links(page).first.click()
    overlay = lightbox(page).locator(".overlay")
    expect(overlay).to_be_visible()
    page.keyboard.press("b")
    expect(overlay).to_be_hidden()
    page.keyboard.press("ArrowRight")
    shows(page, 1)
    expect(overlay).to_be_hidden()


def test_fingers_open_it_swipe_through_it_and_close_it(pages: Pages) -> None:
    page = pages("/gallery/", **PHONE)
    links(page).first.tap()
    shows(page, 0)
    swipe(page, (330, 400), (60, 410))
    shows(page, 1)
    swipe(page, (60, 400), (330, 390))
    shows(page, 0)
    swipe(page, (60, 400), (330, 390))
    shows(page, 0)
    swipe(page, (200, 300), (190, 600))
    shows(page, 0)
    page.get_by_role("button", name="Close").tap()
    expect(lightbox(page)).to_be_hidden()
