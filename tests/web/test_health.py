"""What /readyz says of several receivers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from web.views import health


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"alive": True}, "ok"),
        ({"alive": False}, "not running"),
        ({"alive": False, "receivers": {"hub": {"alive": True}, "barn": {"alive": False}}}, "not running: barn"),
    ],
)
def test_it_names_the_receivers_that_do_not_run(
    log_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, state: dict[str, object], said: str
) -> None:
    monkeypatch.setattr(health, "receiver_state", lambda: state)
    answer = log_in("anna", is_staff=True).get("/readyz").json()
    assert answer["checks"]["receiver"] == said
