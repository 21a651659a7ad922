"""Parts of pictures, and pictures that the server in front sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.http import HttpResponseBase
from django.test import Client

import environment
from cameras.models import Camera, Image
from tests.web.making import JPEG, make_camera, make_image
from tests.web.test_files import file_of, thumbnail_of

SIZE = len(JPEG)


def bytes_of(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


@pytest.fixture
def image(camera: Camera) -> Image:
    return make_image(camera)


@pytest.fixture
def handing_over(monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> Iterator[Callable[[str], None]]:
    """Set SEND_FILES."""

    def by(name: str) -> None:
        monkeypatch.setenv("SEND_FILES", name)
        environment.current.cache_clear()

    yield by
    monkeypatch.undo()
    environment.current.cache_clear()


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-3", 0, 3),
        ("bytes=5-5", 5, 5),
        ("bytes=10-", 10, SIZE - 1),
        ("bytes=-4", SIZE - 4, SIZE - 1),
        ("bytes=4-99999", 4, SIZE - 1),
        ("bytes=-99999", 0, SIZE - 1),
        ("BYTES = 1-2", 1, 2),
    ],
)
def test_it_gives_the_part_that_is_asked_for(viewer: Client, image: Image, asked: str, first: int, last: int) -> None:
    for address in (file_of(image), thumbnail_of(image)):
        response = viewer.get(address, headers={"range": asked})
        assert response.status_code == 206
        assert response.headers["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
        assert bytes_of(response) == JPEG[first : last + 1]
        assert response.headers["Content-Length"] == str(last - first + 1)
        assert response.headers["Content-Type"] == "image/jpeg" and response.headers["ETag"]
        assert "private" in response.headers["Cache-Control"]


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=99999-100000", "bytes=-0"])
def test_it_says_how_long_a_picture_is_that_has_no_such_part(viewer: Client, image: Image, asked: str) -> None:
    response = viewer.get(file_of(image), headers={"range": asked})
    assert response.status_code == 416 and response.headers["Content-Range"] == f"bytes */{SIZE}"
    assert "private" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    "asked",
    ["bytes=3-1", "bytes=-", "bytes=0-1,4-5", "lines=0-3", "bytes=a-b", "bytes=٣-", "bytes=" + "9" * 30 + "-", ""],
)
def test_it_gives_the_whole_to_who_asks_for_no_part_that_it_knows(viewer: Client, image: Image, asked: str) -> None:
    response = viewer.get(file_of(image), headers={"range": asked})
    assert response.status_code == 200 and bytes_of(response) == JPEG
    assert response.headers["Accept-Ranges"] == "bytes" and response.headers["Content-Length"] == str(SIZE)


def test_it_gives_no_part_of_another_version(viewer: Client, image: Image) -> None:
    address, asked = file_of(image), {"range": "bytes=0-3"}
    whole = viewer.get(address)
    for same in (whole.headers["ETag"], whole.headers["Last-Modified"]):
        assert viewer.get(address, headers=asked | {"if-range": same}).status_code == 206
    other_day = "Sun, 17 May 2020 10:00:00 GMT"
    for other in ('"other"', f"W/{whole.headers['ETag']}", other_day, "yesterday"):
        response = viewer.get(address, headers=asked | {"if-range": other})
        assert response.status_code == 200 and bytes_of(response) == JPEG, other


def test_the_browsers_own_copy_goes_before_parts(viewer: Client, image: Image) -> None:
    address = file_of(image)
    tag = viewer.get(address).headers["ETag"]
    assert viewer.get(address, headers={"range": "bytes=0-3", "if-none-match": tag}).status_code == 304
    assert viewer.get(address, headers={"if-match": '"other"'}).status_code == 412
    head = viewer.head(address, headers={"range": "bytes=0-3"})
    assert head.status_code == 200 and head.headers["Content-Length"] == str(SIZE)


@pytest.mark.parametrize("asked", [{}, {"range": "bytes=0-3"}, {"if-none-match": "*"}])
def test_nobody_else_gets_any_part(limited: Client, client: Client, asked: dict[str, str]) -> None:

    foreign = make_image(make_camera("far", "Pool"))
    for address in (file_of(foreign), thumbnail_of(foreign)):
        assert limited.get(address, headers=asked).status_code == 404
        assert client.get(address, headers=asked).status_code == 302


def test_nginx_sends_it_where_it_is_told_to(
    viewer: Client, limited: Client, camera: Camera, handing_over: Callable[[str], None]
) -> None:

    handing_over("x-accel-redirect")
    image = make_image(camera, path="images/2026-05-17/Ünterer Hof.jpg")
    response = viewer.get(file_of(image), headers={"range": "bytes=0-3"})
    assert response.status_code == 200 and response.content == b""
    assert response.headers["X-Accel-Redirect"] == "/librarian-files/images/2026-05-17/%C3%9Cnterer%20Hof.jpg"
    assert response.headers["Content-Type"] == "image/jpeg" and "private" in response.headers["Cache-Control"]
    small = viewer.get(thumbnail_of(image))
    assert small.headers["X-Accel-Redirect"].startswith("/librarian-files/thumbnails/2026-05-17/")
    foreign = limited.get(file_of(make_image(make_camera("far", "Pool"))))
    assert foreign.status_code == 404 and "X-Accel-Redirect" not in foreign.headers
    assert viewer.get(file_of(make_image(camera, files=False))).status_code == 404


def test_apache_gets_the_path_with_links_followed(
    viewer: Client, camera: Camera, data_dir: Path, handing_over: Callable[[str], None]
) -> None:
    disk = data_dir / "other disk"
    disk.mkdir()
    (data_dir / "images").symlink_to(disk)
    handing_over("x-sendfile")
    image = make_image(camera)
    response = viewer.get(file_of(image))
    name = image.path.removeprefix("images/")
    assert response.headers["X-Sendfile"] == f"{data_dir.resolve()}/other%20disk/{name}"
    handing_over("x-accel-redirect")
    assert viewer.get(file_of(image)).headers["X-Accel-Redirect"] == f"/librarian-files/{image.path}"
