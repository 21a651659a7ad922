"""System checks: what would fail later is said at start."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register

import environment
from detections import precision


@register()
def check_models(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """Every model file is there. A warning, since most commands do without; `up` and the workers refuse to start."""
    found = precision.problems(environment.current())
    return [Warning(line, id="ingest.W001") for line in found]


@register()
def check_data_folder(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """DATA_DIR can be written."""
    folder = environment.current().data_dir
    if os.access(folder, os.W_OK | os.X_OK):
        return []
    return [Error(f"DATA_DIR {folder} cannot be written.", hint="Give its owner the right to.", id="ingest.E002")]
