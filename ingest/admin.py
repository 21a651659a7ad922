"""The dead letters in the admin: what failed, why, and a button that has it tried again. Images: `admin_images.py`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from kombu.exceptions import OperationalError

from cameras.admin import MachineDataAdmin
from cameras.admin_filters import DaysFilter
from cameras.admin_parts import picture, row_link, thumbnail
from cameras.models import DeadLetter
from ingest import admin_images  # noqa: F401  registers images
from ingest.dead_letters import retry


@admin.register(DeadLetter)
class DeadLetterAdmin(MachineDataAdmin[DeadLetter]):
    """Work that was set aside after it failed again and again."""

    change_form_template = "admin/ingest/dead_letter.html"
    list_display = ("small", "failed_at", "task", "subject_link", "reason", "attempts")
    list_display_links = ("small", "failed_at", "task")
    list_filter = ("task", ("failed_at", DaysFilter))
    ordering = ("-id",)
    search_fields = ("subject__exact", "reason")
    search_help_text = "The number of an image, a message id, or words of the reason."
    actions = ("retry_selected",)
    fields = ("large", "task", "subject_link", "subject", "reason", "attempts", "failed_at", "args", "traceback")
    readonly_fields: ClassVar[tuple[str, ...]] = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeadLetter]:
        """With images, read for the rows of the page only."""
        return super().get_queryset(request).prefetch_related("image__camera__node")

    def get_readonly_fields(self, request: HttpRequest, obj: DeadLetter | None = None) -> list[str]:
        """All of them."""
        return list(self.fields)

    @admin.display(description="picture")
    def small(self, letter: DeadLetter) -> str:
        """The thumbnail."""
        return thumbnail(letter.image_id)

    @admin.display(description="picture")
    def large(self, letter: DeadLetter) -> str:
        """The picture."""
        return picture(letter.image) if letter.image else "–"

    @admin.display(description="image")
    def subject_link(self, letter: DeadLetter) -> str:
        """A link to the image, or the path of one that never got a row."""
        if letter.image:
            return row_link(letter.image, f"image {letter.image.pk}")
        known = letter.args[0] if letter.args else {}
        return str(known.get("path") or known.get("text") or "–") if isinstance(known, dict) else "–"

    @admin.action(description="Try the selected again", permissions=["retry"])
    def retry_selected(self, request: HttpRequest, letters: QuerySet[DeadLetter]) -> None:
        """Hand them to the workers again."""
        done = 0
        for letter in letters:
            done += self.retried(request, letter)
        self.message_user(request, f"{done} handed over again; what fails anew comes back here.")

    def retried(self, request: HttpRequest, letter: DeadLetter) -> bool:
        """Hand one over; whether the broker took it."""
        try:
            retry(letter)
        except OperationalError as problem:
            self.message_user(request, f"{letter} stays: the broker does not answer ({problem}).", messages.ERROR)
            return False
        self.log_change(request, letter, "Tried again.")
        return True

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Whoever may change dead letters."""
        return request.user.has_perm("cameras.change_deadletter")

    def has_change_permission(self, request: HttpRequest, obj: DeadLetter | None = None) -> bool:
        """There is nothing to change, but a button to press."""
        return self.has_retry_permission(request)

    def save_model(self, request: HttpRequest, obj: DeadLetter, form: object, change: bool) -> None:
        """Nothing is saved."""

    def response_change(self, request: HttpRequest, obj: DeadLetter) -> HttpResponse:
        """The button."""
        if "_retry" in request.POST and self.retried(request, obj):
            self.message_user(request, f"{obj} is handed over again; should it fail anew, it comes back here.")
        return self.response_post_save_change(request, obj)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """No save buttons, since there is nothing to save."""
        hidden = ("show_save", "show_save_and_continue", "show_save_and_add_another", "show_delete_link")
        return super().render_change_form(request, context | dict.fromkeys(hidden, False), *args, **kwargs)
