"""What a person who helps would ask first: each check gives findings, and each finding that is wrong says the mend."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from ingest.doctor.findings import Finding, wrong
from ingest.doctor.machine import clock, data_folder, disk, packages, settings
from ingest.doctor.servers import broker, clocks_of_servers, database, models
from ingest.doctor.work import dead_letters, library, pressure, processes, queues, retention, silent_nodes

log = logging.getLogger(__name__)
CHECKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "packages": packages,
    "settings": settings,
    "data folder": data_folder,
    "disk": disk,
    "clock": clock,
    "models": models,
    "database": database,
    "broker": broker,
    "clocks of the servers": clocks_of_servers,
    "processes": processes,
    "queues": queues,
    "set aside": dead_letters,
    "nodes": silent_nodes,
    "retention": retention,
    "library": library,
    "pressure": pressure,
}


def examine(name: str) -> list[Finding]:
    """What one check finds; a check that fails itself is a finding too."""
    try:
        return list(CHECKS[name]())
    except Exception as problem:  # one question that cannot be answered must not keep the others from being asked
        log.debug("the check of %s failed", name, exc_info=True)
        text = f"could not be checked: {type(problem).__name__}: {problem}"
        return [wrong(text, "Mend what is said above first; if nothing is, report this as a bug with this line.")]
