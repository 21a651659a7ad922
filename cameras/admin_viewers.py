"""Whom cameras are shown to, chosen on the page of a person in the admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import PersonForm, UserAdmin
from accounts.models import User
from cameras.models import Camera


class ViewerForm(PersonForm):
    """A person with the cameras that are chosen for them."""

    cameras = forms.ModelMultipleChoiceField(
        Camera.objects.select_related("node"),
        required=False,
        label="Chosen cameras",
        widget=forms.CheckboxSelectMultiple,
        help_text="What this person sees who sees only chosen cameras.",
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.initial.setdefault("cameras", self.instance.chosen_cameras.all())


admin.site.unregister(User)


@admin.register(User)
class ViewerAdmin(UserAdmin):
    """The admin of people, with cameras."""

    form = ViewerForm
    fieldsets: ClassVar[Any] = (
        *UserAdmin.fieldsets[:3],
        ("Cameras", {"fields": ("cameras",)}),
        *UserAdmin.fieldsets[3:],
    )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save; the form for a new person does not ask for cameras, the page that follows does."""
        super().save_related(request, form, formsets, change)
        if "cameras" in form.cleaned_data:
            form.instance.chosen_cameras.set(form.cleaned_data["cameras"])
