"""The search box of a list, with a name that assistive technology can read."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_list import search_form
from django.contrib.admin.views.main import ChangeList

register = template.Library()


@register.inclusion_tag("admin/cameras/search.html")
def search(cl: ChangeList) -> dict[str, Any]:
    """Django's own form; its label is an icon alone, and what explains the box is no name for it."""
    return search_form(cl)
