"""Plates cut out of their pictures, as sharp as these are."""

from __future__ import annotations

import numpy as np
import pytest
import simplejpeg
from django.test import Client

from cameras.models import Camera
from plates.models import PlateReading
from tests.web.making import add_reading, make_camera, make_image


def address(reading: PlateReading) -> str:
    return f"/readings/{reading.pk}/plate.jpg"


def seen(camera: Camera, **box: float) -> PlateReading:
    """A reading in a picture that is light where its plate is, from 50 to 90 and from 60 to 70, and else dark."""
    image = make_image(camera)
    pixels = np.zeros((480, 640, 3), np.uint8)
    pixels[60:70, 50:90] = 220
    image.file.write_bytes(simplejpeg.encode_jpeg(pixels, quality=95))
    reading = add_reading(image)
    PlateReading.objects.filter(pk=reading.pk).update(**box)
    return reading


def test_it_is_the_box_with_a_margin(viewer: Client, camera: Camera) -> None:
    response = viewer.get(address(seen(camera)))
    pixels = simplejpeg.decode_jpeg(response.content)
    assert pixels.shape == (18, 48, 3) and response.headers["Content-Type"] == "image/jpeg"
    assert pixels[5:12, 6:42].min() > 180 and pixels[0, 0].max() < 60
    assert "private" in response.headers["Cache-Control"]


def test_a_browser_that_has_it_is_told_so(viewer: Client, camera: Camera) -> None:
    reading = seen(camera)
    etag = viewer.get(address(reading)).headers["ETag"]
    assert viewer.get(address(reading), headers={"if-none-match": etag}).status_code == 304


def test_at_the_edge_it_ends_with_the_picture(viewer: Client, camera: Camera) -> None:
    response = viewer.get(address(seen(camera, x1=-9.0, y1=470.0, x2=50.0, y2=500.0)))
    assert simplejpeg.decode_jpeg_header(response.content)[:2] == (21, 61)


@pytest.mark.parametrize("box", [{}, {"x1": 900.0, "x2": 950.0}])
def test_the_whole_picture_stands_in_where_it_cannot_be_cut(
    viewer: Client, camera: Camera, box: dict[str, float]
) -> None:
    reading = seen(camera, **box)
    if not box:
        reading.image.file.write_bytes(b"no picture")
    response = viewer.get(address(reading))
    assert b"".join(response.streaming_content) == reading.image.file.read_bytes()  # type: ignore[attr-defined]


def test_without_a_file_or_a_camera_that_one_may_see_there_is_none(
    viewer: Client, limited: Client, camera: Camera
) -> None:
    assert limited.get(address(seen(make_camera("far", "Pool")))).status_code == 404
    reading = seen(camera)
    assert limited.get(address(reading)).status_code == 200
    reading.image.file.unlink()
    assert viewer.get(address(reading)).status_code == 404
