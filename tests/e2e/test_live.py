"""Pictures as they come, from real senders through everything to a browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import imagezmq
import numpy as np
import simplejpeg
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, Pages
from tests.e2e.filling import LIMITED

WIDTH = "image => image.complete && image.naturalWidth"
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@contextmanager
def sending(address: str, texts: Sequence[str], width: int) -> Iterator[None]:
    """A node that sends these again and again, each time another picture of that width."""
    done = threading.Event()

    def send() -> None:
        with imagezmq.ImageSender(connect_to=address) as sender:
            shade = 0
            while not done.wait(0.2):
                shade = (shade + 20) % 256
                for text in texts:
                    sender.send_jpg(text, simplejpeg.encode_jpeg(np.full((60, width, 3), shade, np.uint8)))

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def titles(page: Page, kind: str) -> list[str]:
    """What the cards of one kind are called."""
    return page.locator(f'[data-kind="{kind}"] [data-title]').all_inner_texts()


def test_test_images_of_two_nodes_come_by_themselves_and_go_again(pages: Pages) -> None:
    kept = pages.site.count("SELECT count(*) FROM cameras_image")
    page = pages("/live/", **PHONE)
    tuning, hint = page.locator('[data-kind="tuning"]'), page.get_by_text("send_test_images: True")
    expect(hint).to_be_visible()
    other = pages.site.receiver.replace("//", "//127.0.0.2:0;")
    with (
        sending(pages.site.receiver, ("gate|Heartbeat", "ROI", "3 Contours <b>"), 80),
        sending(other, ("ROI",), 160),
    ):
        expect(tuning.locator(".card")).to_have_count(3, timeout=15_000)
        expect(hint).to_be_hidden()
        cards = [tuning.locator(".card", has_text=sub) for sub in ("from 127.0.0.2", "from gate")]
        expect(cards[0]).to_have_count(1)
        expect(cards[1]).to_have_count(2)
        assert cards[0].locator("img").evaluate(WIDTH) == 160
        assert cards[1].first.locator("img").evaluate(WIDTH) == 80
        assert "3 Contours <b>" in titles(page, "tuning")
        before = cards[0].locator("img").get_attribute("src")
        expect(cards[0].locator("img")).not_to_have_attribute("src", before or "", timeout=10_000)
    expect(tuning.locator(".card")).to_have_count(0, timeout=20_000)
    expect(hint).to_be_visible()
    assert pages.site.count("SELECT count(*) FROM cameras_image") == kept


def test_it_rests_while_the_page_is_out_of_sight(pages: Pages) -> None:
    page = pages("/live/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert len(asked) >= 2
    page.evaluate(HIDE, True)
    expect(page.locator("[data-state]")).to_have_text("Paused while this page is out of sight.")
    asked.clear()
    page.wait_for_timeout(2500)
    assert len(asked) <= 1, "one may have been under way"
    page.evaluate(HIDE, False)
    page.wait_for_timeout(1500)
    assert len(asked) >= 2


def test_cameras_that_send_all_the_time_are_seen_by_who_may_see_them(pages: Pages) -> None:
    limited, viewer = pages("/live/", LIMITED), pages("/live/")
    expect(limited.get_by_text("Test images")).to_have_count(0)
    texts = ("yard Barn|jpg", "gate Driveway|jpg", "ROI")
    with sending(pages.site.env["RECEIVER_LIVE_ADDRESS"], texts, 120):
        expect(limited.locator(".live-card")).to_have_count(1, timeout=15_000)
        expect(viewer.locator(".live-card")).to_have_count(3, timeout=15_000)
        assert titles(limited, "camera") == ["yard Barn"]
        assert titles(viewer, "camera") == ["gate Driveway", "yard Barn"]
        expect(viewer.locator('[data-kind="tuning"] [data-sub]')).to_have_text("from gate")
        assert limited.locator(".live-card img").evaluate(WIDTH) == 120
