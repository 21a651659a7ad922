"""The whole way of a picture: `python -m benchmarks.pipeline`."""

from __future__ import annotations

from benchmarks import pipeline_detection, pipeline_stack
from benchmarks.figures import Bound, finish

BOUNDS = {
    "detection_cpu_ratio": Bound(at_least=2.3),
    "send_to_detection_p95_ms": Bound(at_most=400),
    "idle_cpu_percent": Bound(at_most=2),
    "memory_mb": Bound(at_most=1000),
}


def main() -> None:
    """Measure everything and print the figures."""
    measured: dict[str, float] = {}
    for part in (pipeline_stack, pipeline_detection):
        print(f"{part.__name__}: {(part.__doc__ or '').splitlines()[0]}", flush=True)
        found = part.measure()
        print(f"  {found}", flush=True)
        measured |= found
    finish("pipeline", measured, BOUNDS)


if __name__ == "__main__":
    main()
