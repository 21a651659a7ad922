"""The live wall, with pictures from real senders."""

from __future__ import annotations

import re
import time
from typing import Any

import imagezmq
import numpy as np
import psutil
import pytest
import simplejpeg
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import DESK, PHONE, Options, Pages, sign_in
from tests.e2e.filling import LIMITED, PASSWORD, VIEWER
from tests.e2e.test_every_page import WIDER
from tests.e2e.test_live import sending

SHOWN = "image => image.complete && image.naturalWidth"


def sources(page: Page, title: str) -> str:
    return page.locator(".tile", has_text=title).locator("img").get_attribute("src") or ""


def test_a_picture_appears_by_itself_soon_after_it_was_sent(pages: Pages) -> None:
    page = pages("/wall/")
    barn = page.locator(".tile", has_text="yard Barn")
    expect(barn).to_be_visible()
    before = sources(page, "yard Barn")
    others = sources(page, "gate Driveway")
    picture = simplejpeg.encode_jpeg(np.full((90, 160, 3), 90, np.uint8))
    with imagezmq.ImageSender(connect_to=pages.site.receiver) as sender:
        assert sender.send_jpg("yard Barn|jpg", picture) == b"OK"
        begun = time.monotonic()
        expect(barn.locator("img")).not_to_have_attribute("src", before, timeout=10_000)
        print(f"on the wall after {time.monotonic() - begun:.2f} s")
    assert barn.locator("img").evaluate(SHOWN)
    expect(barn.locator("[data-age]")).to_have_text(re.compile(r"^\d+ s$"))
    assert sources(page, "gate Driveway") == others
    barn.locator("a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("yard Barn")


def test_a_camera_of_which_nothing_was_ever_shown_has_the_test_card(pages: Pages) -> None:
    page = pages("/wall/")
    with imagezmq.ImageSender(connect_to=pages.site.receiver) as sender:
        picture = simplejpeg.encode_jpeg(np.zeros((8, 8, 3), np.uint8))
        assert sender.send_jpg("attic Window|motion|moving|roi", picture) == b"OK"
    attic = page.locator(".tile", has_text="attic Window")
    expect(attic).to_be_visible(timeout=20_000)
    expect(attic.locator("[data-note]")).to_have_text("No picture yet")
    assert "test-card" in sources(page, "attic Window")
    pages.site.execute("UPDATE cameras_camera SET display = 0 WHERE view = 'Window'")
    expect(attic).to_have_count(0, timeout=10_000)


def test_a_camera_that_sends_all_the_time_plays(pages: Pages) -> None:
    page, limited = pages("/wall/"), pages("/wall/", LIMITED)
    driveway = page.locator(".tile", has_text="gate Driveway")
    kept = sources(page, "gate Driveway")
    with sending(pages.site.env["RECEIVER_LIVE_ADDRESS"], ("gate Driveway|jpg",), 120):
        expect(driveway.locator(".tile-live")).to_be_visible(timeout=15_000)
        seen = set()
        for _ in range(20):
            seen.add(sources(page, "gate Driveway"))
            page.wait_for_timeout(100)
        assert len(seen) >= 3, seen
        assert driveway.locator("img").evaluate(SHOWN) == 120
        expect(limited.locator(".tile")).to_have_count(1)
    expect(driveway.locator(".tile-live")).to_be_hidden(timeout=20_000)
    assert sources(page, "gate Driveway") != kept, "the last of the stream is newer than what was kept"


def test_sizes_are_remembered(pages: Pages) -> None:
    page = pages("/wall/")
    first = page.locator(".tile").first
    page.get_by_role("link", name="Small").click()
    first.hover()
    first.get_by_role("button").click()
    width = first.evaluate("one => one.clientWidth")
    assert width > 1.8 * page.locator(".tile").last.evaluate("one => one.clientWidth")
    page.reload()
    expect(page.get_by_role("link", name="Small")).to_have_attribute("aria-current", "true")
    assert abs(first.evaluate("one => one.clientWidth") - width) < 2
    first.get_by_role("button").press("Enter")
    expect(first.get_by_role("button")).to_have_attribute("aria-pressed", "false")


MORE = """count => {
  const wall = document.getElementById("wall");
  while (wall.children.length > count) wall.lastElementChild.remove();
  while (wall.children.length < count) wall.append(wall.firstElementChild.cloneNode(true));
  librarian.fitWall();
}"""
LANDSCAPE: Options = {**PHONE, "viewport": {"width": 844, "height": 390}}


@pytest.mark.parametrize("device", [DESK, PHONE, LANDSCAPE], ids=["desk", "portrait", "landscape"])
@pytest.mark.parametrize("path", ["/wall/", "/wall/?kiosk"])
def test_any_number_of_cameras_fits_any_screen(pages: Pages, device: Options, path: str) -> None:
    page = pages(path, **device)
    page.route("**/wall/list.json", lambda route: route.fulfill(status=304))
    for count in range(1, 21):
        page.evaluate(MORE, count)
        assert page.evaluate(WIDER) <= 0, count
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), count
        assert page.locator(".tile").first.evaluate("one => one.clientWidth") >= 90, count


def test_arrow_keys_go_from_camera_to_camera_and_enter_opens_one(pages: Pages) -> None:
    page = pages("/wall/")
    titles = page.locator("[data-title]").all_inner_texts()
    marked = "document.activeElement.closest('.tile')?.querySelector('[data-title]').textContent"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(marked) == titles[0]
    page.keyboard.press("ArrowRight")
    assert page.evaluate(marked) == titles[1]
    page.keyboard.press("ArrowDown")
    assert page.evaluate(marked) not in titles[:2]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(marked) == titles[0]
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[0])


def test_it_goes_on_when_a_person_is_signed_in_again_and_when_the_server_is_back(
    browser: Browser, pages: Pages
) -> None:
    # Not under watch, since the browser's console tells of every answer that does not come.
    with browser.new_context(base_url=pages.site.web, **DESK) as context:
        page = context.new_page()
        sign_in(page, VIEWER, PASSWORD)
        expect(page.get_by_label(f"Your account, {VIEWER}")).to_be_visible()
        page.goto("/wall/?kiosk")
        said = page.locator("#wall-said")
        cookies: Any = context.cookies()
        context.clear_cookies()
        expect(said).to_contain_text("You are signed out", timeout=10_000)
        sign_in_again = said.get_by_role("link", name="Sign in")
        expect(sign_in_again).to_have_attribute("href", "/login/?next=/wall/%3Fkiosk")
        context.add_cookies(cookies)
        expect(said).to_be_hidden(timeout=10_000)
        server = psutil.Process(pages.site.pid("web"))
        for process in [server, *server.children()]:
            process.kill()
        expect(said).to_contain_text("librarian does not answer", timeout=20_000)
        expect(said).to_be_hidden(timeout=60_000)
        before = sources(page, "yard Barn")
        pages.site.send("yard Barn|jpg", simplejpeg.encode_jpeg(np.full((90, 160, 3), 40, np.uint8)))
        expect(page.locator(".tile", has_text="yard Barn").locator("img")).not_to_have_attribute(
            "src", before, timeout=20_000
        )


def test_the_pointer_is_hidden_over_a_kiosk_at_rest(pages: Pages) -> None:
    page = pages("/wall/?kiosk")
    page.locator(".tile").first.hover()
    expect(page.locator("#content[data-idle]")).to_have_count(1, timeout=6000)
    assert page.locator(".tile-link").first.evaluate("one => getComputedStyle(one).cursor") == "none"


def test_the_kiosk_is_entered_and_left_by_keys(pages: Pages) -> None:
    page = pages("/wall/")
    page.keyboard.press("f")
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.get_by_role("link", name="Leave full screen")).to_be_visible()
    expect(page.locator("#content[data-idle]")).to_have_count(1, timeout=6000)
    page.keyboard.press("f")
    expect(page.locator("header.top")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/wall/$"))


def test_it_rests_while_the_page_is_out_of_sight(pages: Pages) -> None:
    page = pages("/wall/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert len(asked) >= 2
    page.evaluate(
        'Object.defineProperty(document, "hidden", { get: () => true, configurable: true });'
        'document.dispatchEvent(new Event("visibilitychange"))'
    )
    page.wait_for_timeout(500)
    asked.clear()
    page.wait_for_timeout(1500)
    assert len(asked) <= 1, "one may have been under way"


def test_without_scripts_it_loads_itself_again(pages: Pages) -> None:
    page = pages("/wall/", java_script_enabled=False)
    with page.expect_navigation(timeout=15_000):
        pass
    expect(page.locator(".tile").first).to_be_visible()
    page.get_by_role("link", name="Large").click()
    expect(page.locator("#wall")).to_have_attribute("data-size", "large")
