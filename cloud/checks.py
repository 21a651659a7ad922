"""System checks: settings that go against each other are said at start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.core.checks import CheckMessage, Warning, register

import environment


@register()
def check_transport(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """A token does not cross the internet in the clear; on a network of one's own that is the user's choice."""
    env = environment.current()
    public = urlsplit(environment.PLATE_RECOGNIZER).hostname
    parts = urlsplit(env.plate_recognizer_url)
    if not env.plate_recognizer_token or parts.scheme == "https" or parts.hostname != public:
        return []
    hint = f"Use {environment.PLATE_RECOGNIZER}."
    return [Warning("PLATE_RECOGNIZER_URL sends pictures and the token unencrypted.", hint=hint, id="cloud.W001")]
