"""What workers and beat have counted, read from their files."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

import counting
import environment

log = logging.getLogger(__name__)


class Counted(Collector):
    """Every metric once, with what each worker and beat counted of it, by the label `process`."""

    def collect(self) -> Iterator[Metric]:
        """The metrics of those that live."""
        families: dict[str, Metric] = {}
        for folder in counting.folders(environment.current().run_dir):
            for metric in self._of(folder.name, str(folder)):
                family = families.setdefault(metric.name, Metric(metric.name, metric.documentation, metric.type))
                for sample in metric.samples:
                    family.add_sample(sample.name, sample.labels | {"process": folder.name}, sample.value)
        yield from families.values()

    def _of(self, name: str, folder: str) -> list[Metric]:
        try:
            return list(MultiProcessCollector(None, folder).collect())  # type: ignore[no-untyped-call]
        except FileNotFoundError:  # it starts at this very moment, and has more to tell next time
            log.debug("%s starts anew: its files are read next time", name)
            return []
