"""Forms of rules and channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from alerts import secrets
from alerts.channels import KINDS
from alerts.models import Channel, Rule
from alerts.only_if import DAYS, SUN, OnlyIf
from alerts.wording import FIELDS
from web.condition_forms import Unjudged

if TYPE_CHECKING:  # generic only for the type checker
    RuleModelForm = forms.ModelForm[Rule]
    ChannelModelForm = forms.ModelForm[Channel]
else:
    RuleModelForm = ChannelModelForm = forms.ModelForm

CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class RuleForm(Unjudged, RuleModelForm):
    """What a rule says, to whom, and how often."""

    class Meta:
        model = Rule
        fields = [
            *("name", "enabled", "within_seconds", "template", "picture", "channels", "urgent"),
            *("cooldown_seconds", "group_seconds", "hourly_cap"),
        ]
        labels = {
            "enabled": "In use",
            "within_seconds": "Within so many seconds of each other",
            "template": "Message",
            "picture": "Send the picture",
            "channels": "By these channels",
            "urgent": "Also in quiet hours",
            "cooldown_seconds": "Cooldown (seconds)",
            "group_seconds": "Burst (seconds)",
            "hourly_cap": "Most messages an hour",
        }
        help_texts = {
            "cooldown_seconds": "After a message the rule is quiet for so long.",
            "group_seconds": "What follows so soon joins the message before; channels that can then show the better "
            "picture or the plate.",
            "hourly_cap": "0 for no limit.",
            "urgent": "Otherwise the quiet hours of a channel hold it back there.",
            "template": "In braces: " + ", ".join(f"{{{one}}}" for one in FIELDS) + ".",
        }
        widgets = {"channels": forms.CheckboxSelectMultiple(), "template": forms.Textarea(attrs={"rows": 2})}


class OnlyIfForm(Unjudged, forms.Form):
    """When a rule counts."""

    armed = forms.ChoiceField(
        label="Armed", required=False, choices=[("", "either way"), ("yes", "armed"), ("no", "disarmed")]
    )
    start = forms.TimeField(label="From", required=False, widget=CLOCK)
    end = forms.TimeField(label="To", required=False, widget=CLOCK, help_text="By the site’s clock; may pass midnight.")
    weekdays = forms.TypedMultipleChoiceField(
        label="Weekdays",
        required=False,
        coerce=int,
        choices=list(enumerate(DAYS)),
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: every day.",
    )
    sun = forms.ChoiceField(
        label="Sun", required=False, choices=[(name, text or "wherever it stands") for name, text in SUN.items()]
    )
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(
        required=False, min_value=-180, max_value=180, help_text="Of the site, in degrees; only for the sun."
    )

    def __init__(self, data: Any, stored: dict[str, Any] | None = None) -> None:
        stored = stored or {}
        initial = stored | {"start": stored.get("from", ""), "end": stored.get("to", "")}
        super().__init__(data, prefix="only", initial=initial)

    def clean(self) -> dict[str, Any]:
        """What the form says, as the rule stores it."""
        said = {**self.cleaned_data}
        said["from"], said["to"] = (clock(said.pop(name, None)) for name in ("start", "end"))
        self.only_if = {name: value for name, value in said.items() if value not in ("", None, [])}
        if not self.errors:
            try:
                OnlyIf.read(self.only_if)
            except ValidationError as problem:
                self.add_error(None, problem)
        return self.cleaned_data


def clock(at: Any) -> str:
    """A time of day as it is stored."""
    return f"{at:%H:%M}" if at else ""


class ChannelForm(ChannelModelForm):
    """A channel; its address is written and never shown again."""

    address = forms.CharField(
        required=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    start = forms.TimeField(label="Quiet from", required=False, widget=CLOCK)
    end = forms.TimeField(
        label="Quiet to", required=False, widget=CLOCK, help_text="Only urgent rules send in these hours. Empty: none."
    )
    field_order = ["name", "kind", "address", "enabled", "start", "end"]

    class Meta:
        model = Channel
        fields = ["name", "kind", "enabled"]
        labels = {"enabled": "In use"}

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["kind"] = forms.ChoiceField(
            label="Kind", choices=[(name, kind.title) for name, kind in KINDS.items()]
        )
        known = f"Kept, encrypted: {self.instance.shown}. Empty leaves it as it is. " if self.instance.secret else ""
        self.fields["address"].help_text = (
            f"{known}An address of Apprise, such as mailtos://name:password@gmail.com, ntfys://ntfy.example.org/topic, "
            "tgram://token/chat or jsons://host/path. Not for speech."
        )
        self.initial.update(start=self.instance.quiet_from, end=self.instance.quiet_to)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """An address that its kind understands, and hours that are both there or both not."""
        found = super().clean() or self.cleaned_data
        kind, address = KINDS.get(found.get("kind", "")), found.get("address", "")
        if kind and kind.wants_address and not address and not self.instance.secret:
            self.add_error("address", "Write the address that messages go to.")
        elif kind and (address or not kind.wants_address):
            try:
                self.instance.shown = kind.shown(address)
            except ValidationError as problem:
                self.add_error("address", problem)
        if bool(found.get("start")) != bool(found.get("end")) or (
            found.get("start") and found["start"] == found["end"]
        ):
            self.add_error("end", "Write two different times, or none.")
        return found

    def save(self, commit: bool = True) -> Channel:
        """Save, with the address encrypted; what failed before is tried anew at once."""
        row, found = self.instance, self.cleaned_data
        if not KINDS[found["kind"]].wants_address:
            row.secret = ""
        elif found["address"]:
            row.secret = secrets.encrypt(found["address"])
        row.quiet_from, row.quiet_to = clock(found["start"]), clock(found["end"])
        row.failures, row.next_try_at = 0, None
        return super().save(commit)
