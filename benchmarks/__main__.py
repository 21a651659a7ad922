"""`make bench`: every benchmark, one after the other; the exit status is 0 only when all figures hold."""

from __future__ import annotations

import subprocess
import sys

NAMES = ("receiver", "detection", "pipeline", "faults", "web", "operations", "statistics", "matching", "alerts")

if __name__ == "__main__":
    failed = [name for name in NAMES if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"]).returncode]
    raise SystemExit(f"out of bounds: {', '.join(failed)}" if failed else 0)
