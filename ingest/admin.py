"""The dead letters in the admin: what failed, why, and a button that has it tried again."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from kombu.exceptions import OperationalError

from cameras.admin import MachineDataAdmin
from cameras.models import DeadLetter
from ingest.dead_letters import retry


@admin.register(DeadLetter)
class DeadLetterAdmin(MachineDataAdmin[DeadLetter]):
    """Work that was set aside after it failed again and again."""

    change_form_template = "admin/ingest/dead_letter.html"
    list_display = ("failed_at", "task", "picture", "reason", "attempts")
    list_filter = ("task", "failed_at")
    list_select_related = ("image",)
    search_fields = ("=subject", "reason")
    search_help_text = "The number of an image, a message id, or words of the reason."
    actions = ("retry_selected",)
    fields = ("task", "picture", "subject", "reason", "attempts", "failed_at", "args", "traceback")
    readonly_fields: ClassVar[tuple[str, ...]] = fields

    def get_readonly_fields(self, request: HttpRequest, obj: DeadLetter | None = None) -> list[str]:
        """All of them."""
        return list(self.fields)

    @admin.display(description="image")
    def picture(self, letter: DeadLetter) -> str:
        """A link to the image, or the path of one that never got a row."""
        if letter.image_id:
            return format_html(
                '<a href="{}">image {}</a>', reverse("web:image", args=[letter.image_id]), letter.image_id
            )
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
