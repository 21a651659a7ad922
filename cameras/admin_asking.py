"""Actions that ask before they do something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict, Unpack

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

MOST_ROWS = 500
"""An action is done within one request; more is for commands."""


def chosen(model_admin: ModelAdmin[Any], request: HttpRequest, rows: QuerySet[Any]) -> list[Any]:
    """The rows that an action is about; none, and a message, where they are too many."""
    found = list(rows[: MOST_ROWS + 1])
    if len(found) > MOST_ROWS:
        model_admin.message_user(request, f"Choose at most {MOST_ROWS} at once.", messages.ERROR)
        return []
    return found


def answered(request: HttpRequest) -> bool:
    """Whether the person has said yes."""
    return "confirmed" in request.POST


class Question(TypedDict):
    """What the page shows besides the rows."""

    action: str
    title: str
    explanation: str
    button: str
    form: NotRequired[Form]
    facts: NotRequired[Sequence[tuple[str, Sequence[object]]]]
    """Lines of a table, the first one its head."""


def ask(
    model_admin: ModelAdmin[Any], request: HttpRequest, rows: Sequence[Model], **question: Unpack[Question]
) -> HttpResponse:
    """The page that says what will happen; its button sends the action again, with the answer."""
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "media": model_admin.media,
        "rows": rows,
        "checkbox": ACTION_CHECKBOX_NAME,
        "is_image": model_admin.opts.model_name == "image",
        **question,
    }
    return TemplateResponse(request, "admin/cameras/ask.html", context)


def note(request: HttpRequest, rows: Sequence[Model], what: str) -> None:
    """Write into the history of rows what a person did to them."""
    if rows:
        LogEntry.objects.log_actions(request.user.pk, rows, CHANGE, change_message=what)  # type: ignore[arg-type]
