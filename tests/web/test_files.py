from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from cameras.models import Camera, Image
from tests.web.making import JPEG, make_image


def file_of(image: Image) -> str:
    return reverse("web:file", args=[image.pk])


def thumbnail_of(image: Image) -> str:
    return reverse("web:thumbnail", args=[image.pk])


def test_it_serves_the_picture_to_this_browser_only(viewer: Client, camera: Camera) -> None:
    response = viewer.get(file_of(make_image(camera)))
    assert b"".join(response.streaming_content) == JPEG  # type: ignore[attr-defined]
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Content-Length"] == str(len(JPEG))
    assert "private" in response.headers["Cache-Control"] and "Cookie" in response.headers["Vary"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_it_serves_the_thumbnail(viewer: Client, camera: Camera) -> None:
    response = viewer.get(thumbnail_of(make_image(camera)))
    assert response.status_code == 200 and response.headers["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("address", [file_of, thumbnail_of])
def test_it_spares_the_browser_what_it_has(viewer: Client, camera: Camera, address: object) -> None:
    url = address(make_image(camera))  # type: ignore[operator]
    first = viewer.get(url)
    by_tag = viewer.get(url, headers={"if-none-match": first.headers["ETag"]})
    by_time = viewer.get(url, headers={"if-modified-since": first.headers["Last-Modified"]})
    for response in (by_tag, by_time):
        assert response.status_code == 304 and response.content == b""
        assert "private" in response.headers["Cache-Control"] and response.headers["ETag"] == first.headers["ETag"]
    assert viewer.get(url, headers={"if-none-match": '"other"'}).status_code == 200


def test_it_answers_head_without_the_bytes(viewer: Client, camera: Camera) -> None:
    response = viewer.head(file_of(make_image(camera)))
    assert response.status_code == 200 and response.headers["Content-Length"] == str(len(JPEG))
    assert response.getvalue() == b""
    assert viewer.post(file_of(make_image(camera))).status_code == 405


def test_it_answers_404_for_a_missing_file_and_a_stand_in_for_a_missing_thumbnail(
    viewer: Client, camera: Camera
) -> None:
    image = make_image(camera, files=False)
    assert viewer.get(file_of(image)).status_code == 404
    stand_in = viewer.get(thumbnail_of(image))
    assert stand_in.headers["Location"] == "/static/web/img/no-thumbnail.svg"
    assert "no-cache" in stand_in.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["secret_key", "images/../secret_key", "../outside.jpg", "/etc/hostname", "images", "images/a\0b.jpg", ""]
)
def test_it_refuses_a_path_that_leads_out_of_the_folder_of_images(
    viewer: Client, camera: Camera, data_dir: Path, path: str
) -> None:
    (data_dir / "images").mkdir()
    (data_dir / "secret_key").write_text("secret")
    (data_dir / "secret_key.jpg").write_text("secret")
    (data_dir.parent / "outside.jpg").write_text("secret")
    image = make_image(camera, files=False, path=path)
    assert viewer.get(file_of(image)).status_code == 404
    response = viewer.get(thumbnail_of(image))
    assert response.status_code == 404 or "/static/" in response.headers["Location"]


def test_it_refuses_links_that_lead_out_but_follows_the_folder_itself(
    viewer: Client, camera: Camera, data_dir: Path
) -> None:
    disk = data_dir / "disk"
    disk.mkdir()
    (data_dir / "images").symlink_to(disk)
    image = make_image(camera)
    assert viewer.get(file_of(image)).status_code == 200
    secret = data_dir / "secret_key"
    secret.write_text("secret")
    image.file.unlink()
    image.file.symlink_to(secret)
    assert viewer.get(file_of(image)).status_code == 404
