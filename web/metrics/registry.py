"""Everything that /metrics tells, put together."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, ProcessCollector, disable_created_metrics

from web.metrics.counted import Counted
from web.metrics.machine import Broker, Disk, Doctor
from web.metrics.requests import SECONDS
from web.metrics.site import Site

# Or each has a second series, which nothing here asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]
# Described by nothing: who registers would else be asked for metrics once, before there is a database.
REGISTRY = CollectorRegistry(auto_describe=False)
for collector in (Site(), Broker(), Disk(), Doctor(), Counted(), SECONDS):
    REGISTRY.register(collector)
ProcessCollector(registry=REGISTRY)
