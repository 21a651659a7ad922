"""How long the disk takes for what a reply waits for, as a Prometheus histogram; one observation costs some 2 µs."""

from __future__ import annotations

from prometheus_client import Histogram

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

SYNC_SECONDS = Histogram(
    "librarian_receiver_sync_seconds",
    "Time until the disk has it: a picture's bytes, its folder's entries, the outbox's records.",
    ["what"],
    buckets=BUCKETS,
    registry=None,
)
PICTURE = SYNC_SECONDS.labels("picture")
FOLDER = SYNC_SECONDS.labels("folder")
OUTBOX = SYNC_SECONDS.labels("outbox")
