"""Merging cameras in the admin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from celery import current_app
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from kombu.exceptions import OperationalError

from cameras.admin_asking import answered, ask, note
from cameras.admin_lists import MachineDataAdmin
from cameras.merging import MOST_COUNTED, begin_merge, belongings, check_merge
from cameras.models import Camera

MOST_AT_ONCE = 10
MERGING = (
    "All that belongs to the others goes to the one that stays, in the background, and what they still send goes there "
    "too. Whoever may see one of them may see all of it then. Settings are those of the one that stays; files keep "
    "their names. This cannot be undone."
)


class StayingForm(forms.Form):
    """Which of the cameras stays."""

    into = forms.ModelChoiceField(
        Camera.objects.none(), label="Which one stays?", widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, cameras: Sequence[Camera], data: Any = None) -> None:
        super().__init__(data)
        self.cameras = cameras
        self.fields["into"].queryset = Camera.objects.select_related("node").filter(  # type: ignore[attr-defined]
            pk__in=[camera.pk for camera in cameras]
        )

    def clean_into(self) -> Camera:
        """One that the others can be merged into."""
        into: Camera = self.cleaned_data["into"]
        for camera in self.others(into):
            check_merge(camera, into)
        return into

    def others(self, into: Camera) -> list[Camera]:
        """Those that go."""
        return [camera for camera in self.cameras if camera.pk != into.pk]


class Merging(MachineDataAdmin[Camera]):
    """The action that makes one camera of several."""

    @admin.action(description="Merge into one…", permissions=["merge"])
    def merge(self, request: HttpRequest, cameras: QuerySet[Camera]) -> HttpResponse | None:
        """Ask which one stays, show what moves, and begin."""
        rows = list(cameras.select_related("node")[: MOST_AT_ONCE + 1])
        if not 2 <= len(rows) <= MOST_AT_ONCE:
            self.message_user(request, f"Choose 2 to {MOST_AT_ONCE} cameras to merge.", "error")
            return None
        form = StayingForm(rows, request.POST if answered(request) else None)
        if form.is_valid() and self.begun(request, form):
            return None
        title, facts = "Merge cameras?", counts(rows)
        return ask(
            self,
            request,
            rows,
            action="merge",
            title=title,
            explanation=MERGING,
            button="Merge",
            form=form,
            facts=facts,
        )

    def begun(self, request: HttpRequest, form: StayingForm) -> bool:
        """Begin to merge; False, and the form says why, where it cannot be done any more."""
        into: Camera = form.cleaned_data["into"]
        for camera in form.others(into):
            try:
                begin_merge(camera, into)
            except ValidationError as problem:
                form.add_error("into", problem)
                return False
            note(request, [camera], f"Merged into {into}.")
            note(request, [into], f"{camera} merged into it.")
        self.hand_over(request, into)
        return True

    def hand_over(self, request: HttpRequest, into: Camera) -> None:
        """Have a worker move the rows."""
        try:
            current_app.send_task("cameras.finish_merges", queue="maintenance")
        except OperationalError as problem:
            text = f"The broker does not answer ({problem}): what belonged to the others moves when it is back."
            self.message_user(request, text, "error")
        else:
            self.message_user(request, f"What belonged to the others is on its way to {into}.")

    def has_merge_permission(self, request: HttpRequest) -> bool:
        """Whoever may change cameras and images: both change."""
        return request.user.has_perms(["cameras.change_camera", "cameras.change_image"])


def counts(cameras: Sequence[Camera]) -> list[tuple[str, Sequence[object]]]:
    """A table of what each camera has."""
    found = [(str(camera), belongings(camera)) for camera in cameras]
    lines: list[tuple[str, Sequence[object]]] = [("camera", [name for name, _ in found[0][1]])]
    for name, numbers in found:
        lines.append((name, [f"{one:,} or more" if one == MOST_COUNTED else f"{one:,}" for _, one in numbers]))
    return lines
