"""The gallery's card as HTML. Written here rather than in a template: thirty of them were most of a page's time.

Everything that is text goes through `escape`.
"""

from __future__ import annotations

from html import escape

from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from cameras.models import Image
from web.addresses import address_of
from web.cards import Card, Chip, PlateChip
from web.picture_sizes import GRID, preview_of, srcset
from web.states import State


def picture_card(card: Card, page: str = "", selectable: bool = False) -> SafeString:
    """A picture with its boxes (seen on hover and focus), as an item of `<ul class="grid">`.

    `page` is the address of the page of the gallery that begins with this card; `selectable` gives it a checkbox of the
    form "selection" (parts/selection.html). With web/js/lightbox.js and parts/lightbox.html it opens large.
    """
    image, sprite = card.image, static("web/img/icons.svg")
    facts = [f'id="picture-{image.pk}"', *([f'data-page="{escape(page)}"'] if page else []), *lightbox_facts(image)]
    readable = image.width and image.height
    parts = [
        f'<li class="card" {" ".join(facts)}><div class="card-picture">',
        thumbnail(image) + card.overlay if readable else icon(sprite, "unreadable"),
        f'<span class="card-age">{card.of_visit} pictures</span>' if card.of_visit > 1 else "",
        f'<span class="card-kept" title="Kept">{icon(sprite, "keep")}<span class="unseen">Kept</span></span></div>',
        checkbox(card) if selectable else "",
        f'<div class="card-body"><p class="card-line">{link(card)} {clock(image)}</p>{found(card, sprite)}</div></li>',
    ]
    return mark_safe("".join(parts))  # noqa: S308  every text in it was escaped


def lightbox_facts(image: Image) -> list[str]:
    """What the lightbox has to know of a picture that can be shown."""
    if not (image.width and image.height):
        return []
    at, preview = timezone.localtime(image.received_at), preview_of(image)
    facts = {
        "picture": address_of("file", image.pk),
        "when": f"{at:%a} {at.day} {at:%b %Y, %H:%M:%S}",
        "size": f"{image.width} × {image.height}, {filesizeformat(image.bytes)}",
        "file": str(image),
        "preview-src": preview.address if preview else "",
        "preview-width": str(preview.width) if preview else "",
        "visit": f"{address_of('visit', image.visit_id)}?picture={image.pk}" if image.visit_id else "",
    }
    said = [f'data-{name}="{escape(text)}"' for name, text in facts.items() if text]
    return [*said, "data-kept"] if image.keep else said


def thumbnail(image: Image) -> str:
    """The small copy, in the shape of the picture."""
    larger = srcset(image)
    choice = f' srcset="{larger}" sizes="{GRID}"' if larger else ""
    size = f'width="{image.width}" height="{image.height}"'
    return f'<img src="{address_of("thumbnail", image.pk)}"{choice} alt="" {size} loading="lazy" decoding="async">'


def checkbox(card: Card) -> str:
    """To choose it."""
    facts = f'type="checkbox" name="picture" value="{card.image.pk}" form="selection" autocomplete="off"'
    return f'<label class="card-check"><input {facts} aria-label="Choose {escape(card.description)}"></label>'


def link(card: Card) -> str:
    """To the picture's own page."""
    address, camera = address_of("image", card.image.pk), escape(str(card.image.camera))
    return f'<a class="card-link" href="{address}" title="{escape(card.description)}"><bdi>{camera}</bdi></a>'


def clock(image: Image) -> str:
    """The time of day."""
    at = timezone.localtime(image.received_at)
    return f'<time datetime="{at.isoformat()}">{at:%H:%M:%S}</time>'


def found(card: Card, sprite: str) -> str:
    """Plates, labels and what else has to be said."""
    items = [*map(plate, card.plates), *map(badge, card.chips), *(note(one, sprite) for one in card.notes)]
    return f'<ul class="badges" aria-label="Found">{"".join(items)}</ul>' if items else ""


def plate(chip: PlateChip) -> str:
    """The text of a plate."""
    doubt = ("", "") if chip.sure else (" plate-unsure", '<span class="unseen">, not sure</span>')
    return f'<li class="plate{doubt[0]}"><bdi>{escape(chip.text)}</bdi>{doubt[1]}</li>'


def badge(chip: Chip) -> str:
    """A label and how many."""
    times = f' <span class="times">×{chip.count}</span>' if chip.count > 1 else ""
    return f'<li class="badge badge-{chip.kind}">{escape(chip.label)}{times}</li>'


def note(state: State, sprite: str) -> str:
    """How a stage stands."""
    reason = f' title="{escape(state.reason)}"' if state.reason else ""
    return f'<li class="note note-{state.key}"{reason}>{icon(sprite, state.key)}{escape(state.text)}</li>'


def icon(sprite: str, name: str) -> str:
    """As the tag `icon` draws it."""
    return f'<svg class="icon" aria-hidden="true" focusable="false"><use href="{sprite}#{name}"></use></svg>'
