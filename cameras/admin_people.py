"""Renaming nodes and retiring cameras, in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from cameras.admin_asking import answered, ask, chosen, note
from cameras.admin_lists import MachineDataAdmin
from cameras.models import Camera, Node
from cameras.renaming import check_name, rename_node, retire, unretire

RENAMING = (
    "What the Raspberry Pi sends under the present name reaches the node all the same, so nothing has to be changed "
    "there. Pictures that are stored keep the names of their files."
)
RETIRING = (
    "They are hidden from displays and lists unless asked for. Their pictures stay. As soon as one sends again, it is "
    "back by itself."
)


class NameForm(forms.Form):
    """The new name of a node."""

    name = forms.CharField(label="New name", max_length=64, strip=True)

    def __init__(self, node: Node, data: Any = None) -> None:
        super().__init__(data, initial={"name": node.name})
        self.node = node

    def clean_name(self) -> str:
        """A name that the node can have."""
        name: str = self.cleaned_data["name"]
        check_name(self.node, name)
        return name


class Renaming(MachineDataAdmin[Node]):
    """The action that renames a node."""

    @admin.action(description="Rename…", permissions=["change"])
    def rename(self, request: HttpRequest, nodes: QuerySet[Node]) -> HttpResponse | None:
        """Ask for the new name, and give it."""
        rows = list(nodes[:2])
        if len(rows) != 1:
            self.message_user(request, "Choose one node to rename.", "error")
            return None
        node, before = rows[0], rows[0].name
        form = NameForm(node, request.POST if answered(request) else None)
        if form.is_valid() and self.renamed(node, form):
            note(request, [node], f"Renamed from “{before}”.")
            self.message_user(request, f"“{before}” is “{node.name}” now.")
            return None
        title = f"Rename {before}"
        return ask(self, request, rows, action="rename", title=title, explanation=RENAMING, button="Rename", form=form)

    def renamed(self, node: Node, form: NameForm) -> bool:
        """Rename it; False, and the form says why, where another node got the name meanwhile."""
        try:
            rename_node(node, form.cleaned_data["name"])
        except ValidationError as problem:
            form.add_error("name", problem)
            return False
        return True


class Retiring(MachineDataAdmin[Camera]):
    """The actions that hide cameras which are out of use, and show them again."""

    @admin.action(description="Retire…", permissions=["change"])
    def retire(self, request: HttpRequest, cameras: QuerySet[Camera]) -> HttpResponse | None:
        """Ask, and hide them."""
        rows = chosen(self, request, cameras.filter(retired_at=None))
        if rows and not answered(request):
            return ask(
                self, request, rows, action="retire", title="Retire cameras?", explanation=RETIRING, button="Retire"
            )
        retire(rows)
        note(request, rows, "Retired.")
        self.message_user(request, f"{len(rows)} retired.")
        return None

    @admin.action(description="Bring back…", permissions=["change"])
    def bring_back(self, request: HttpRequest, cameras: QuerySet[Camera]) -> HttpResponse | None:
        """Ask, and show them again."""
        rows = chosen(self, request, cameras.exclude(retired_at=None))
        if rows and not answered(request):
            explanation = "They are shown again in displays and lists."
            title, button = "Bring cameras back?", "Bring back"
            return ask(self, request, rows, action="bring_back", title=title, explanation=explanation, button=button)
        unretire(rows)
        note(request, rows, "Brought back.")
        self.message_user(request, f"{len(rows)} brought back.")
        return None
