"""How long the disk lasts at the present rate."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from web.statistics.reading import RATE_DAYS, Stored


@dataclass(frozen=True, slots=True)
class Forecast:
    """Bytes of pictures a day, and where that leads. Thumbnails and the index take some percent on top of it."""

    a_day: float
    """Mean of the last days that are over, at most `RATE_DAYS` and no more than there were."""
    free: int
    """Bytes that are free on the disk."""
    retention: int
    """Days after which pictures are removed; 0: never."""
    stored: int

    @property
    def days_left(self) -> int | None:
        """Days until the disk is full; None where nothing comes, or retention holds."""
        return None if not self.a_day or self.holds else int(self.free / self.a_day)

    @property
    def settles_at(self) -> float:
        """The bytes that pictures take once as many go as come; 0 where none go."""
        return self.a_day * self.retention

    @property
    def holds(self) -> bool:
        """Whether pictures go before the disk is full. What is kept for ever is not known beforehand."""
        return bool(self.retention) and self.settles_at - self.stored <= self.free


def forecast(rows: Sequence[Stored], folder: Path, retention: int, today: date) -> Forecast:
    """The forecast for all cameras. Raises `OSError` where the folder is not there."""
    return Forecast(
        sum(rate(one, today) for one in rows),
        shutil.disk_usage(folder).free,
        retention,
        sum(one.bytes for one in rows),
    )


def rate(one: Stored, today: date) -> float:
    """Bytes a day of one camera, over the days since its first picture where these are fewer than `RATE_DAYS`."""
    begins = max(one.since, today - timedelta(days=RATE_DAYS))
    days = (today - begins).days
    return one.lately / days if days > 0 else 0.0
