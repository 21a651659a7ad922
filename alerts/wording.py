"""The words of messages: templates with names in braces."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError

FIELDS = {
    "what": "what was seen: person, 2 cars, plate KV482BT, motion",
    "label": "the kind of thing or event: person, car, Temp",
    "count": "how many of them",
    "place": "the camera's name of the place, such as “at the back door”, else its name",
    "camera": "the camera's name",
    "node": "the node's name",
    "plate": "the number plate, where one was read",
    "owner": "your note on the plate",
    "value": "the value of an event or a reading, or how long a state lasts",
    "time": "when, by the site's clock: 14:05",
    "score": "how sure the detector was, in percent",
    "rule": "the rule's name",
}
"""What templates may name, and what stands for it."""
DEFAULT = "{what} {place}"
BRACES = re.compile(r"\{([^{}]*)\}")
MOST_TEXT = 980


def validate_template(text: str) -> None:
    """Raise `ValidationError` where a template names what there is not."""
    unknown = [name for name in BRACES.findall(text) if name not in FIELDS]
    if unknown:
        raise ValidationError(f"{{{unknown[0]}}} is not known; there are {', '.join(f'{{{one}}}' for one in FIELDS)}.")
    if "{" in BRACES.sub("", text) or "}" in BRACES.sub("", text):
        raise ValidationError("A brace stands alone: names stand in braces, such as {place}.")


def render(template: str, facts: Mapping[str, object], times: int = 1) -> str:
    """The text with everything put in; what is not known leaves no gap, and the first letter is a capital.

    `times` is how many occasions of a burst it stands for.
    """
    text = BRACES.sub(lambda found: str(facts.get(found[1]) or ""), template)
    text = re.sub(r"\s+", " ", text).strip()[:MOST_TEXT]
    return text[:1].upper() + text[1:] + (f" ({times} times)" if times > 1 else "")
