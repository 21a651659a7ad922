"""Images in the admin with all that the pipeline made of them, and what people can have done to them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from kombu.exceptions import OperationalError

from cameras.admin import ImageAdmin
from cameras.admin_asking import answered, ask, chosen, note
from cameras.admin_parts import NOTHING, picture, row_links
from cameras.models import Image, RunStatus, StageRun
from detections.grouping import things
from detections.models import Detection
from ingest.reprocessing import reprocess
from plates.models import PlateReading

MOST_SHOWN = 20
REPROCESSING = (
    "Objects and number plates are looked for anew. What was found goes, but for readings that somebody corrected. For "
    "more images than fit on one page there is the command manage.py reprocess."
)
KEEPING = "They are never purged, however old they get."
NOT_KEEPING = "They are purged like all others when they are older than RETENTION_DAYS; at once, if they are older now."


class StatusFilter(admin.SimpleListFilter):
    """By how a stage ended."""

    run = ""

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """All ends."""
        return [(str(value), str(label)) for value, label in RunStatus.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The images whose run ended so."""
        return queryset.filter(**{f"{self.run}__status": self.value()}) if self.value() else queryset


class ObjectsFilter(StatusFilter):
    """By how object detection ended."""

    title = "objects"
    parameter_name = "objects"
    run = "detection_run"


class PlatesFilter(StatusFilter):
    """By how plate reading ended."""

    title = "number plates"
    parameter_name = "plates"
    run = "recognition_run"


admin.site.unregister(Image)


@admin.register(Image)
class PipelineImageAdmin(ImageAdmin):
    """Stored pictures, with what was found in them."""

    list_display = (*ImageAdmin.list_display[:4], "found", *ImageAdmin.list_display[4:])
    list_filter = (*ImageAdmin.list_filter[:2], ObjectsFilter, PlatesFilter, *ImageAdmin.list_filter[2:])
    orderings = {
        "objects": ("-detection_run__image_id", "-id"),
        "plates": ("-recognition_run__image_id", "-id"),
        **ImageAdmin.orderings,
    }
    related = ("camera__node", "visit__camera__node", "detection_run", "recognition_run", "cloud_run")
    actions = ("reprocess", "keep", "stop_keeping")
    row_actions = ("reprocess",)
    extra_fields = (*ImageAdmin.extra_fields, "runs", "objects", "plates", "letters")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        """With what was found, read for the rows of the page only."""
        return super().get_queryset(request).prefetch_related("detections", "plate_readings")

    def view_on_site(self, image: Image) -> str:
        """Its page for everybody."""
        return reverse("web:image", args=[image.pk])

    @admin.display(description="found")
    def found(self, image: Image) -> str:
        """Labels and plates."""
        labels = (one.name for one in things(image.detections.all()))
        texts = dict.fromkeys(one.text for one in image.plate_readings.all())
        return ", ".join([*dict.fromkeys(labels), *texts]) or NOTHING

    @admin.display(description="picture")
    def large(self, image: Image) -> str:
        """The picture, with all that was found in boxes."""
        found: list[Detection | PlateReading] = [
            *image.detections.all()[:MOST_SHOWN],
            *image.plate_readings.all()[:MOST_SHOWN],
        ]
        return picture(image, [one.box for one in found])

    @admin.display(description="stages")
    def runs(self, image: Image) -> str:
        """Links to its runs, with how they ended."""
        names = "detection_run", "recognition_run", "cloud_run"
        found: list[StageRun | None] = [getattr(image, name, None) for name in names]
        return row_links((run, f"{run.stage}: {run}") for run in found if run)

    @admin.display(description="objects")
    def objects(self, image: Image) -> str:
        """Links to the detections, best first."""
        return row_links((one, str(one)) for one in image.detections.all()[:MOST_SHOWN])

    @admin.display(description="number plates")
    def plates(self, image: Image) -> str:
        """Links to the readings."""
        return row_links((one, str(one)) for one in image.plate_readings.all()[:MOST_SHOWN])

    @admin.display(description="dead letters")
    def letters(self, image: Image) -> str:
        """Links to what was set aside, with the reasons."""
        return row_links(((one, f"{one.task}: {one.reason}") for one in image.dead_letters.all()[:MOST_SHOWN]), "; ")

    @admin.action(description="Reprocess…", permissions=["change"])
    def reprocess(self, request: HttpRequest, images: QuerySet[Image]) -> HttpResponse | None:
        """Ask, and have them looked at anew."""
        rows = chosen(self, request, images.select_related("camera"))
        if rows and not answered(request):
            title, button = "Look at images anew?", "Reprocess"
            return ask(self, request, rows, action="reprocess", title=title, explanation=REPROCESSING, button=button)
        try:
            done = reprocess(rows)
        except OperationalError as problem:
            self.message_user(request, f"The broker does not answer ({problem}): some images wait for it.", "error")
            return None
        note(request, rows, "Handed over to be looked at anew.")
        self.message_user(request, f"{done} handed over; they are looked at anew.")
        return None

    @admin.action(description="Keep…", permissions=["change"])
    def keep(self, request: HttpRequest, images: QuerySet[Image]) -> HttpResponse | None:
        """Ask, and never purge them."""
        return self.set_keep(request, images, "keep", True)

    @admin.action(description="Stop keeping…", permissions=["change"])
    def stop_keeping(self, request: HttpRequest, images: QuerySet[Image]) -> HttpResponse | None:
        """Ask, and purge them like all others."""
        return self.set_keep(request, images, "stop_keeping", False)

    def set_keep(self, request: HttpRequest, images: QuerySet[Image], action: str, keep: bool) -> HttpResponse | None:
        """Ask, and set or clear the mark; those that have it already are left out."""
        rows = chosen(self, request, images.filter(keep=not keep))
        title, button = ("Keep images?", "Keep") if keep else ("Stop keeping images?", "Stop keeping")
        if rows and not answered(request):
            explanation = KEEPING if keep else NOT_KEEPING
            return ask(self, request, rows, action=action, title=title, explanation=explanation, button=button)
        done = Image.objects.filter(pk__in=[row.pk for row in rows]).update(keep=keep)
        note(request, rows, "Kept." if keep else "Not kept any more.")
        self.message_user(request, f"{done} are kept now." if keep else f"{done} are not kept any more.")
        return None
