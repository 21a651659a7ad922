"""A rule as the editor's page holds it: its forms, and what was pressed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from alerts.channels import KINDS as CHANNEL_KINDS
from alerts.conditions import KINDS, MOST
from alerts.models import Channel, Rule
from web.alert_forms import OnlyIfForm, RuleForm
from web.condition_forms import ConditionForm

__all__ = ["CHANNEL_KINDS", "Editor"]


@dataclass(slots=True)
class Editor:
    """The forms of one rule."""

    rule: Rule
    data: QueryDict | None = None
    form: RuleForm = field(init=False)
    only_if: OnlyIfForm = field(init=False)
    conditions: list[ConditionForm] = field(init=False)

    def __post_init__(self) -> None:
        # Channels of a new rule: all in use, which is what most want.
        initial = {} if self.rule.pk else {"channels": Channel.objects.filter(enabled=True)}
        self.form = RuleForm(self.data, instance=self.rule, initial=initial)
        self.only_if = OnlyIfForm(self.data, self.rule.only_if)
        self.conditions = self.posted(self.data) if self.data else self.stored()
        if self.pressed.partition(":")[0] in ("add", "remove"):
            self.change()

    @property
    def pressed(self) -> str:
        """The button: save, try, add:KIND or remove:PLACE."""
        return self.data.get("do", "save") if self.data else ""

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """What may be added, by name and title; nothing where there is enough."""
        return [(name, kind.title) for name, kind in KINDS.items()] if len(self.conditions) < MOST else []

    def stored(self) -> list[ConditionForm]:
        """The conditions of the rule as it is."""
        known = [one for one in self.rule.conditions if isinstance(one, dict) and one.get("kind") in KINDS]
        return [ConditionForm(one["kind"], place, None, one) for place, one in enumerate(known)]

    def posted(self, data: QueryDict) -> list[ConditionForm]:
        """The conditions as the page had them: `2:visit` names the place of their fields and their kind."""
        found: dict[int, str] = {}
        for text in data.getlist("condition")[:MOST]:
            place, _, kind = text.partition(":")
            if place.isdecimal() and int(place) < 1000 and kind in KINDS:
                found[int(place)] = kind
        return [ConditionForm(kind, place, data) for place, kind in found.items()]

    def change(self) -> None:
        """Add or remove a condition; nothing is judged yet."""
        what, _, which = self.pressed.partition(":")
        for form in (self.form, self.only_if, *self.conditions):
            form.unjudged = True
        if what == "remove":
            self.conditions = [one for one in self.conditions if str(one.place) != which]
        elif which in KINDS and len(self.conditions) < MOST:
            place = max((one.place for one in self.conditions), default=-1) + 1
            self.conditions.append(ConditionForm(which, place, None))

    def is_valid(self) -> bool:
        """Whether all forms are filled in well; the rule then is as they say, not saved."""
        forms: list[Any] = [self.only_if, *self.conditions]
        right = [one.is_valid() for one in forms]  # each, so that each says what is wrong
        if all(right):
            self.rule.conditions = [one.condition for one in self.conditions]
            self.rule.only_if = self.only_if.only_if
        good = self.form.is_valid() and all(right)
        if not self.conditions:
            self.form.add_error(None, "Add what the rule waits for: at least one condition.")
            return False
        return good
