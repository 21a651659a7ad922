"""What `manage.py check --deploy` says about how the pages are served."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register

import environment
from host_names import LOOPBACK, bracketed


@register(Tags.security, deploy=True)
def check_transport(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """Whoever listens to the network can read passwords that are sent by http."""
    env = environment.current()
    if env.https or bracketed(env.web_address[0]) in LOOPBACK:
        return []
    hint = "Fine at home; for more, put a proxy with TLS in front and set SITE_URL=https://…, see docs/security.md."
    return [Warning("Pages and passwords go over the network readable (http).", hint=hint, id="accounts.W001")]
