"""Drawing zones as people do, with mouse, finger and keys, and what the next picture makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from demo.fixture import read_fixture
from demo.traffic import play
from tests.e2e.conftest import ADMIN, PHONE, Pages
from tests.e2e.test_every_page import WIDER, everybody_can_use_it
from tests.harness import PICTURES, eventually

CAMERA = "SELECT c.id FROM cameras_camera c JOIN cameras_node n ON n.id = c.node_id WHERE n.name = 'gate'"
ZONES = f"SELECT name, kind, points FROM cameras_zone WHERE camera_id IN ({CAMERA}) ORDER BY name"
STATES = (
    "SELECT r.status, count(*) FROM detections_detectionrun r JOIN cameras_image i ON i.id = r.image_id "
    f"WHERE i.camera_id IN ({CAMERA}) GROUP BY r.status"
)
ALL_OF_IT = [(0.001, 0.001), (0.998, 0.003), (0.997, 0.997), (0.003, 0.998)]
LOWER_HALF = [(0.1, 0.5), (0.9, 0.5), (0.9, 0.9), (0.1, 0.9)]


@pytest.fixture
def address(pages: Pages) -> Iterator[str]:
    """The page of the zones of a camera that has none before and after."""
    number = pages.site.rows(CAMERA)[0][0]
    yield f"/cameras/{number}/zones/"
    page = pages(f"/cameras/{number}/zones/", ADMIN)
    for box in page.get_by_label("Remove", exact=True).all():
        box.check()
    save(page)


def zones(pages: Pages) -> list[tuple[str, str, list[list[float]]]]:
    """Those that are stored."""
    return [(name, kind, json.loads(points)) for name, kind, points in pages.site.rows(ZONES)]


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The next picture is looked at in this way")).to_be_visible()


def on_screen(page: Page, place: tuple[float, float]) -> tuple[float, float]:
    picture = page.locator(".zones-stage img")
    page.wait_for_function("one => one.complete && one.naturalWidth > 0", arg=picture.element_handle())
    box = picture.bounding_box()
    assert box
    width = min(
        box["width"], box["height"] * 4 / 3
    )  # the demo's pictures are 4 to 3; it may be narrower than its place
    left = box["x"] + (box["width"] - width) / 2
    return left + place[0] * width, box["y"] + place[1] * width * 3 / 4


def press(page: Page, *places: tuple[float, float]) -> None:
    for place in places:
        page.mouse.click(*on_screen(page, place))


def tap(page: Page, *places: tuple[float, float]) -> None:
    for place in places:
        page.touchscreen.tap(*on_screen(page, place))


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*on_screen(page, start))
    page.mouse.down()
    page.mouse.move(*on_screen(page, end), steps=4)
    page.mouse.up()


def draw(page: Page) -> None:
    page.get_by_role("button", name="Draw a zone").click()


def corners(page: Page, row: int = 0) -> list[list[float]]:
    """What the form would send."""
    found: list[list[float]] = json.loads(page.locator("[data-points]").nth(row).input_value() or "[]")
    return found


def corner(page: Page, number: int) -> Locator:
    return page.locator(f"[data-corner='{number}']")


def near(found: list[list[float]], wanted: list[tuple[float, float]]) -> None:
    assert len(found) == len(wanted), found
    for one, other in zip(found, wanted, strict=True):
        assert one == pytest.approx(other, abs=0.01)


def test_a_zone_is_drawn_with_the_mouse_and_the_next_pictures_heed_it(pages: Pages, address: str) -> None:
    page = pages(address, ADMIN)
    expect(page.get_by_text("No zone yet")).to_be_visible()
    draw(page)
    press(page, *ALL_OF_IT, ALL_OF_IT[0])
    expect(page.locator("#zones-said")).to_contain_text("Give the zone a name")
    page.get_by_label("Name").fill("Everywhere")
    page.get_by_label("Kind").select_option(label="Not here")
    save(page)
    assert zones(pages) == [("Everywhere", "ignore", [[0, 0], [1, 0], [1, 1], [0, 1]])], "at the edges of the picture"
    before = dict(pages.site.rows(STATES))
    fixture = read_fixture(PICTURES)
    sent = len(next(one for one in fixture.cameras if one.name.startswith("gate")).pictures)
    assert list(play(pages.site.receiver, fixture))
    eventually(lambda: dict(pages.site.rows(STATES)).get("empty", 0) == before.get("empty", 0) + sent, 120)
    assert dict(pages.site.rows(STATES))["done"] == before["done"], "nothing was found in a new picture"


def test_a_zone_is_drawn_with_a_finger(pages: Pages, address: str) -> None:
    page = pages(address, ADMIN, **PHONE)
    page.get_by_role("button", name="Draw a zone").tap()
    tap(page, *LOWER_HALF)
    near(corners(page), LOWER_HALF)
    tap(page, LOWER_HALF[0])
    expect(page.locator("polygon.zone-include")).to_have_count(1)
    save(page)
    near(zones(pages)[0][2], LOWER_HALF)
    tap(page, (0.5, 0.7))
    expect(corner(page, 3)).to_be_visible()
    everybody_can_use_it(page)
    assert page.evaluate(WIDER) <= 0


def drag_with_finger(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    session = page.context.new_cdp_session(page)
    ways = [[first + (last - first) * step / 4 for first, last in zip(start, end, strict=True)] for step in range(5)]
    for step, (x, y) in enumerate(ways):
        place = dict(zip("xy", on_screen(page, (x, y)), strict=True))
        session.send(
            "Input.dispatchTouchEvent", {"type": "touchMove" if step else "touchStart", "touchPoints": [place]}
        )
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_corners_are_dragged_with_a_finger_and_the_page_stays(pages: Pages, address: str) -> None:
    page = pages(address, ADMIN, **PHONE)
    page.get_by_role("button", name="Draw a zone").tap()
    tap(page, *LOWER_HALF, LOWER_HALF[0])
    page.get_by_role("button", name="Change shape").tap()
    expect(page.get_by_role("button", name="Done")).to_be_in_viewport(ratio=1)
    scrolled = page.evaluate("scrollY")
    drag_with_finger(page, LOWER_HALF[1], (0.7, 0.3))
    near(corners(page), [LOWER_HALF[0], (0.7, 0.3), *LOWER_HALF[2:]])
    assert page.evaluate("scrollY") == scrolled
    save(page)


def test_corners_are_dragged_added_and_taken_back(pages: Pages, address: str) -> None:
    page = pages(address, ADMIN)
    draw(page)
    press(page, *LOWER_HALF)
    page.get_by_role("button", name="Done").click()
    press(page, (0.5, 0.7))
    drag(page, LOWER_HALF[0], (0.2, 0.2))
    near(corners(page), [(0.2, 0.2), *LOWER_HALF[1:]])
    drag(page, (0.9, 0.7), (0.95, 0.6))
    near(corners(page), [(0.2, 0.2), LOWER_HALF[1], (0.95, 0.6), *LOWER_HALF[2:]])
    page.get_by_role("button", name="Delete the corner").click()
    near(corners(page), [(0.2, 0.2), *LOWER_HALF[1:]])
    page.get_by_role("button", name="Undo").click()
    page.keyboard.press("Control+z")
    near(corners(page), [(0.2, 0.2), *LOWER_HALF[1:]])
    drag(page, LOWER_HALF[2], (1.4, 1.4))
    assert corners(page)[2] == [1, 1], "no corner leaves the picture"
    page.keyboard.press("Escape")
    near(corners(page), LOWER_HALF)
    expect(page.get_by_role("button", name="Draw a zone")).to_be_visible()
    save(page)


def test_keys_alone_draw_and_change_a_zone(pages: Pages, address: str) -> None:
    page = pages(address, ADMIN)
    page.get_by_role("button", name="Draw a zone").focus()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.get_by_role("button", name="Add a corner").focus()
        page.keyboard.press("Enter")
    assert corners(page) == [[0.5, 0.5], [0.7, 0.5], [0.7, 0.7]]
    expect(corner(page, 2)).to_be_focused()
    expect(corner(page, 2)).to_have_attribute(
        "aria-label", "Corner 3 of 3 of Zone 1: 70% from the left, 70% from the top"
    )
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")
    assert corners(page)[2] == [0.695, 0.75]
    corner(page, 0).focus()
    page.keyboard.press("Enter")
    expect(page.locator("polygon.zone-include")).to_have_count(1)
    page.get_by_role("button", name="Change shape").press("Enter")
    expect(corner(page, 0)).to_be_focused()
    page.keyboard.press("Delete")
    expect(page.locator("#zones-said")).to_contain_text("at least three corners")
    page.get_by_role("button", name="Add a corner").press("Enter")
    page.keyboard.press("Delete")
    assert len(corners(page)) == 3
    save(page)
    assert len(zones(pages)) == 1


def test_on_a_low_screen_picture_and_tools_are_in_sight_together(pages: Pages, address: str) -> None:
    page = pages(address, ADMIN, viewport={"width": 1280, "height": 620})
    draw(page)
    expect(page.get_by_role("button", name="Done")).to_be_in_viewport(ratio=1)
    expect(page.locator(".zones-stage")).to_be_in_viewport(ratio=1)
    press(page, *LOWER_HALF, LOWER_HALF[0])
    near(corners(page), LOWER_HALF)
    save(page)


def test_what_is_given_up_leaves_nothing(pages: Pages, address: str) -> None:
    page = pages(address, ADMIN)
    draw(page)
    press(page, *LOWER_HALF[:2])
    page.get_by_role("button", name="Done").click(force=True)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#zones-said")).to_contain_text("at least three corners")
    page.keyboard.press("Escape")
    expect(page.get_by_text("No zone yet")).to_be_visible()
    save(page)
    assert zones(pages) == []


def test_what_is_not_saved_is_not_left_without_a_question(pages: Pages, address: str) -> None:
    page = pages(address, ADMIN)
    draw(page)
    press(page, *LOWER_HALF, LOWER_HALF[0])
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Settings").click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.url.endswith(address)
    save(page)


def test_without_scripts_zones_are_seen_renamed_and_removed(pages: Pages, address: str) -> None:
    page = pages(address, ADMIN)
    draw(page)
    press(page, *LOWER_HALF, LOWER_HALF[0])
    save(page)
    plain = pages(address, ADMIN, java_script_enabled=False)
    expect(plain.locator("polygon.zone-include")).to_be_visible()
    expect(plain.get_by_role("button", name="Draw a zone")).to_be_hidden()
    expect(plain.get_by_text("Drawing needs JavaScript")).to_be_visible()
    plain.get_by_label("Name").fill("Lawn")
    plain.get_by_role("button", name="Save").click()
    assert [name for name, _, _ in zones(pages)] == ["Lawn"]
    plain.get_by_label("Remove", exact=True).check()
    plain.get_by_role("button", name="Save").click()
    assert zones(pages) == []
