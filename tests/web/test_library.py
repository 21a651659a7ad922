"""The page of the library check."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

from django.test import Client
from kombu.exceptions import OperationalError

from cameras.models import Camera, FileFault, Reconciliation
from tests.web.making import make_image


def test_it_is_for_staff(viewer: Client) -> None:
    assert viewer.get("/library/").status_code == 404
    assert viewer.post("/library/").status_code == 404
    assert "/library/" not in viewer.get("/").content.decode()


def test_it_tells_what_was_found_and_what_to_do(log_in: Callable[..., Client], camera: Camera) -> None:
    staff, image = log_in("anna", is_staff=True), make_image(camera)
    assert "Not checked yet" in staff.get("/library/").content.decode()
    run = Reconciliation.objects.create(state="done", rows=1, total=1, missing=1, faulty=1)
    FileFault.objects.create(path=image.path, kind="missing", image=image, run=run)
    FileFault.objects.create(path="images/2026-05-17/<i>.txt", kind="stranger", text="not a .jpg", run=run)
    page = staff.get("/library/").content.decode()
    assert f"/images/{image.pk}/" in page and "out of a backup" in page and "librarian leaves them alone" in page
    assert "&lt;i&gt;.txt" in page and "/library/" in staff.get("/").content.decode()
    assert "&lt;i&gt;.txt" not in staff.get("/library/?kind=missing").content.decode()
    assert "File is missing" in staff.get(f"/images/{image.pk}/").content.decode()


def test_it_says_why_a_check_was_refused(log_in: Callable[..., Client]) -> None:
    Reconciliation.objects.create(state="refused", text="3 of 6 pictures have no file")
    page = log_in("anna", is_staff=True).get("/library/").content.decode()
    assert "was refused" in page and "3 of 6 pictures have no file" in page


def test_it_has_a_check_begin(log_in: Callable[..., Client]) -> None:
    staff = log_in("anna", is_staff=True)
    with patch("celery.Celery.send_task") as sent:
        page = staff.post("/library/", follow=True).content.decode()
    assert sent.call_args.args == ("ingest.reconcile",) and "The check begins" in page
    with patch("celery.Celery.send_task", side_effect=OperationalError("gone")):
        assert "the broker does not answer" in staff.post("/library/", follow=True).content.decode()
