"""The components of the design: templates of web/components as tags, so that they can hold what stands between them.

docs/design.md lists them; each template says its parameters at its head.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django import template
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import Density, Theme, User
from web import picture_card as picture_cards
from web.navigation import Item, items

register = template.Library()

BLOCKS = (
    "card",
    "code_block",
    "dialog",
    "empty_state",
    "filter_bar",
    "menu",
    "notice",
    "page_header",
    "panel",
    "table",
)


def block(name: str) -> Callable[..., SafeString]:
    """A tag that renders web/components/<name>.html with its parameters, and what it encloses as `content`."""

    def component(content: str, **values: object) -> SafeString:
        return render_to_string(f"web/components/{name}.html", {**values, "content": content})

    return component


for _name in BLOCKS:
    register.simple_block_tag(block(_name), name=_name, end_name=f"end{_name}")


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of the sprite, as components/icon.html draws it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("web/img/icons.svg"),
        name,
    )


register.simple_tag(picture_cards.picture_card)


@register.simple_tag
def moment(at: datetime | None) -> SafeString | str:
    """A point in time as people say it, or a dash where there is none."""
    if at is None:
        return "–"
    local = timezone.localtime(at)
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), f"{day_in_words(local)} {local:%H:%M:%S}")


@register.filter
def day_in_words(at: datetime) -> str:
    """Today, Yesterday, or the date."""
    day, today = timezone.localtime(at).date(), timezone.localdate()
    words = {today: "Today", today - timedelta(days=1): "Yesterday"}
    return words.get(day, f"{day.day} {day:%b %Y}")


@register.simple_tag(takes_context=True)
def main_navigation(context: template.Context) -> list[Item]:
    """The pages of the header, with the one that this page belongs to marked."""
    request = context.get("request")
    return items(request) if isinstance(request, HttpRequest) else []


@register.simple_tag(takes_context=True)
def chosen_theme(context: template.Context) -> str:
    """What the person chose: light, dark, or nothing, which follows the system, as it does for strangers."""
    user = person(context)
    return user.theme if user and user.theme != Theme.AUTO else ""


@register.simple_tag(takes_context=True)
def chosen_density(context: template.Context) -> str:
    """Compact, where the person chose that, or nothing."""
    user = person(context)
    return user.density if user and user.density != Density.COMFORTABLE else ""


def person(context: template.Context) -> User | None:
    """Who looks at the page; nobody on those that are shown to strangers."""
    user = getattr(context.get("request"), "user", None)
    return user if isinstance(user, User) else None
