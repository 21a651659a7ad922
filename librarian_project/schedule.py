"""The schedule of celery beat. Every entry expires before its next run, so that no backlog piles up after an outage."""

from __future__ import annotations

from typing import Any

MINUTE = 60


def _every(seconds: int, task: str, **arguments: Any) -> dict[str, Any]:
    return {"task": task, "schedule": seconds, "kwargs": arguments, "options": {"expires": seconds * 0.9}}


SCHEDULE = {
    "republish what never arrived": _every(20, "ingest.republish_lost"),
    "restart what nobody looked at": _every(20, "ingest.restart_stale"),
    "close visits that are quiet": _every(10, "ingest.settle_visits"),
    "sweep the newest folders of images": _every(15 * MINUTE, "ingest.sweep_files", newest=2),
    "compare all files with the index": _every(24 * 60 * MINUTE, "ingest.reconcile"),
    "sweep the index": _every(24 * 60 * MINUTE, "ingest.sweep_index"),
    "purge what is too old": _every(60 * MINUTE, "ingest.purge"),
    "finish merges of cameras": _every(20 * MINUTE, "cameras.finish_merges"),
    "tell the receiver what people set": _every(MINUTE, "cameras.write_receiver_settings"),
    "count hours that changed": _every(30, "rollups.count"),
    "count everything anew": _every(24 * 60 * MINUTE, "rollups.count_anew"),
    "check whether the pipeline keeps up": _every(MINUTE, "ingest.check_pressure"),
    "forget old messages": _every(24 * 60 * MINUTE, "alerts.purge"),
    "check the nodes' liveness": _every(20, "ingest.check_liveness"),
}
CLOUD = {
    "hand over what became due": _every(5, "ingest.hand_over_due"),
    "ask what the account of Plate Recognizer has used": _every(60 * MINUTE, "cloud.ask_usage"),
}
"""Where Plate Recognizer is set up."""
