"""The copy between thumbnail and stored picture: made when somebody asks for it, gone with the picture."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simplejpeg
from django.test import Client
from django.urls import reverse

from cameras.models import Camera, Image
from ingest.previews import make_preview, preview_scale, preview_width
from tests.web.making import make_camera, make_image, make_visit, text_of

WIDE: dict[str, Any] = {"width": 1281, "height": 721}


def address(image: Image) -> str:
    return reverse("web:preview", args=[image.pk])


def picture(camera: Camera, **fields: int) -> Image:
    """An image whose file is a real JPEG of its size."""
    image = make_image(camera, **{**WIDE, **fields})
    pixels = np.zeros((image.height, image.width, 3), np.uint8)
    pixels[:, : image.width // 2] = 200
    image.file.write_bytes(simplejpeg.encode_jpeg(pixels, quality=90))
    return image


@pytest.mark.parametrize(
    ("width", "scale"),
    [(400, 0), (640, 0), (1199, 0), (1200, 2), (1280, 2), (2399, 2), (2400, 4), (4056, 4), (9999, 8)],
)
def test_it_is_a_half_a_quarter_or_an_eighth_and_at_least_600_wide(width: int, scale: int) -> None:
    assert preview_scale(width) == scale
    assert not scale or preview_width(width) >= 600


def test_it_is_made_for_the_first_who_asks_and_kept(viewer: Client, camera: Camera) -> None:
    image = picture(camera)
    assert not image.preview.exists()
    response = viewer.get(address(image))
    data = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert simplejpeg.decode_jpeg_header(data)[:2] == (361, preview_width(1281)) == (361, 641)
    assert len(data) < image.file.stat().st_size and "private" in response.headers["Cache-Control"]
    made = image.preview.stat().st_mtime_ns
    again = viewer.get(address(image), headers={"range": "bytes=0-1"})
    assert b"".join(again.streaming_content) == data[:2]  # type: ignore[attr-defined]
    assert image.preview.stat().st_mtime_ns == made
    assert [one.name for one in image.preview.parent.iterdir()] == [image.preview.name]


def test_only_those_who_may_see_the_camera_have_it_made(limited: Client, client: Client) -> None:
    image = picture(make_camera("far", "Pool"))
    assert limited.get(address(image)).status_code == 404
    assert client.get(address(image)).status_code == 302
    assert not image.preview.exists()


def test_a_picture_that_has_none_is_shown_itself(viewer: Client, camera: Camera) -> None:
    small, broken, unseen = picture(camera, width=640, height=480), picture(camera), picture(camera)
    broken.file.write_bytes(b"\xff\xd8 no picture")
    unseen.thumbnail.unlink()
    for image in (small, broken, unseen):
        response = viewer.get(address(image))
        assert response.headers["Location"] == reverse("web:file", args=[image.pk])
        assert "no-cache" in response.headers["Cache-Control"] and not image.preview.exists()
    unseen.file.unlink()
    broken.thumbnail.write_bytes(b"x")
    broken.file.unlink()
    assert viewer.get(address(broken)).status_code == 404


@pytest.mark.parametrize("path", ["images/../../away.jpg", "../away.jpg", "images/../secret.jpg", "images/a\0b.jpg"])
def test_nothing_is_written_outside_of_its_folder(viewer: Client, camera: Camera, data_dir: Path, path: str) -> None:
    away = [data_dir.parent / "away.jpg", data_dir / "secret.jpg"]
    image = make_image(camera, files=False, path=path, **WIDE)
    assert viewer.get(address(image)).status_code in {302, 404}
    assert not any(one.exists() for one in away)


def test_one_that_is_made_while_its_picture_goes_stays_away(camera: Camera) -> None:
    image = picture(camera)
    Image.objects.filter(pk=image.pk).delete()
    make_preview(image)
    assert not image.preview.exists()


def test_a_disk_that_takes_none_hides_no_picture(viewer: Client, camera: Camera, data_dir: Path) -> None:
    (data_dir / "previews").write_text("no folder")
    response = viewer.get(address(image := picture(camera)))
    assert response.headers["Location"] == reverse("web:file", args=[image.pk])


def test_the_gallery_offers_it_where_there_is_one(viewer: Client, camera: Camera) -> None:
    wide, small = make_image(camera, **WIDE), make_image(camera)
    page = viewer.get("/gallery/").content.decode()
    offered = re.findall(r'srcset="([^"]+)"', page)
    assert offered == [f"/images/{wide.pk}/thumbnail.jpg 400w, {address(wide)} 641w"]
    assert f'data-preview-src="{address(wide)}"' in page and address(small) not in page
    assert page.count('width="1281" height="721"') == page.count('width="640" height="480"') == 1


@pytest.mark.parametrize("page", ["visit", "camera"])
def test_large_pictures_come_as_previews_where_these_are_enough(viewer: Client, camera: Camera, page: str) -> None:
    image = make_visit(camera, 1).images.get()
    image.width, image.height = 1280, 720
    image.save()
    shown = text_of(viewer, reverse(f"web:{page}", args=[image.visit_id if page == "visit" else camera.pk]))
    assert f'srcset="/images/{image.pk}/preview.jpg 640w, /images/{image.pk}/file.jpg 1280w" sizes="' in shown
    image.width = 1199
    image.save()
    assert f"/images/{image.pk}/preview.jpg" not in text_of(viewer, f"/visits/{image.visit_id}/")
