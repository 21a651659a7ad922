"""The page of one picture, and the way to its neighbours."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Pages


def pictures_of_the_gate(pages: Pages) -> list[str]:
    """Their addresses, the newest first."""
    query = "SELECT i.id FROM cameras_image i JOIN cameras_camera c ON c.id = i.camera_id WHERE c.view = 'Driveway' "
    return [f"/images/{row[0]}/" for row in pages.site.rows(query + "ORDER BY received_at DESC, i.id DESC")]


def at(page: Page, path: str) -> None:
    expect(page).to_have_url(re.compile(f"{path}$"))


def test_it_tells_what_was_found(pages: Pages) -> None:
    newest = pictures_of_the_gate(pages)[0]
    page = pages(newest)
    main = page.locator("main")
    for text in ("gate Driveway", "car", "KV482BT", "1280", "960"):
        expect(main).to_contain_text(text)
    picture = page.locator(".stage img")
    page.wait_for_function("one => one.naturalWidth === 1280", arg=picture.element_handle())
    expect(page.locator(".overlay .box-vehicle")).to_be_visible()
    expect(page.locator(".overlay .box-plate")).to_be_visible()


def test_links_and_arrow_keys_lead_to_the_pictures_of_the_same_camera(pages: Pages) -> None:
    addresses = pictures_of_the_gate(pages)
    page = pages(addresses[0])
    expect(page.get_by_role("link", name="Newer")).to_have_count(0)
    for address in addresses[1:3]:
        page.get_by_role("link", name="Older").click()
        at(page, address)
    page.keyboard.press("ArrowRight")
    at(page, addresses[3])
    page.keyboard.press("ArrowLeft")
    at(page, addresses[2])
    page.goto(addresses[-1])
    expect(page.get_by_role("link", name="Older")).to_have_count(0)


def test_the_file_can_be_kept(pages: Pages) -> None:
    page = pages(pictures_of_the_gate(pages)[0])
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert re.fullmatch(r"gate-Driveway-.*\.jpg", download.value.suggested_filename)
    assert download.value.path().read_bytes()[:3] == b"\xff\xd8\xff"


def test_its_files_come_in_parts_and_not_again(pages: Pages) -> None:
    request = pages("/images/2/").request
    for name in ("file", "thumbnail", "preview"):
        address = f"/images/2/{name}.jpg"
        whole = request.get(address)
        assert whole.status == 200 and whole.headers["accept-ranges"] == "bytes"
        part = request.get(address, headers={"Range": "bytes=2-11"})
        assert part.status == 206 and part.body() == whole.body()[2:12]
        assert part.headers["content-range"] == f"bytes 2-11/{len(whole.body())}"
        assert request.get(address, headers={"If-None-Match": whole.headers["etag"]}).status == 304
        assert request.get(address, headers={"Range": "bytes=99999999-"}).status == 416
