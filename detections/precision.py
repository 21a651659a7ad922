"""Which network of the SSD runs: f32, or the INT8 one that `manage.py models quantize` made on this machine.

An INT8 network is two files whose name holds a digest of them, and one record that names the digest and what the
comparison with f32 gave. The record is written last, by renaming, so what it names is whole; a network that no record
names is never used.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from detections import modelfiles
from environment import Environment

MAX_AP_LOSS = 0.015
"""AP (0.50:0.95) that INT8 may lose on labelled pictures. Changing how pictures are shrunk moves it as much
(docs/models.md), so less could not be told from chance."""
LEAST_AGREEMENT = 0.7
LEAST_SAMPLE_AGREEMENT = 0.92
"""AP (0.50:0.95) of INT8 where the boxes of f32 are the truth: on all pictures compared, which may be hard ones, and on
the sample pictures, which are always the same. What is made here reaches 0.80 on crowded photos of all kinds,
0.96 on the samples; ranges chosen badly reach 0.51 and 0.86 (docs/decisions/int8.md)."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of an INT8 network."""

    digest: str
    """The first 12 digits of the SHA-256 of its weights and its graph."""
    pictures: int
    """That it was made from."""
    source: str
    """Where those came from, for people."""
    compared: int
    """Pictures, none of which it was made from, on which it was compared with f32."""
    agreement: float
    """AP of INT8 with the boxes of f32 as the truth."""
    sample_agreement: float
    """The same on the sample pictures alone."""
    ap_f32: float | None
    """AP with labels as the truth, where there were any."""
    ap_int8: float | None
    ms_f32: float
    """CPU time of the network alone, an image, one thread."""
    ms_int8: float
    made_at: str

    @property
    def ap_loss(self) -> float | None:
        """AP that INT8 loses on labelled pictures."""
        return None if self.ap_f32 is None or self.ap_int8 is None else self.ap_f32 - self.ap_int8

    @property
    def problem(self) -> str:
        """Why it is not used with DETECTOR_PRECISION=auto; empty if it is."""
        if self.ap_loss is not None and self.ap_loss > MAX_AP_LOSS:
            return f"it loses {self.ap_loss:.3f} of AP on the labelled pictures, at most {MAX_AP_LOSS} is accepted"
        for reached, least, where in (
            (self.agreement, LEAST_AGREEMENT, ""),
            (self.sample_agreement, LEAST_SAMPLE_AGREEMENT, " on the sample pictures"),
        ):
            if self.ap_loss is None and reached < least:
                return f"its boxes agree with those of f32 by {reached:.3f}{where}, at least {least} is wanted"
        if self.ms_int8 >= self.ms_f32:
            return f"it is not faster on this processor ({self.ms_int8:.1f} ms, f32 {self.ms_f32:.1f} ms)"
        return ""


def record_file(env: Environment) -> Path:
    """Where the record is; its name is that of the f32 network that it was made from."""
    ssd = modelfiles.converted_ssd(env)
    return ssd.with_name(f"{ssd.stem}-int8.json")


def network_file(env: Environment, digest: str) -> Path:
    """The .xml of the INT8 network with that digest; its .bin is beside it."""
    ssd = modelfiles.converted_ssd(env)
    return ssd.with_name(f"{ssd.stem}-int8-{digest}.xml")


def read_record(env: Environment) -> Record | None:
    """The record of the INT8 network, if there is one; raises `ModelProblem` where it or the network is damaged."""
    path = record_file(env)
    if not path.exists():
        return None
    try:
        record = Record(**json.loads(path.read_text()))
    except (ValueError, TypeError) as problem:
        raise modelfiles.ModelProblem(
            f"{path} cannot be read ({problem}): delete it, or run python manage.py models quantize"
        ) from None
    network = network_file(env, record.digest)
    if not network.exists() or not network.with_suffix(".bin").exists():
        raise modelfiles.ModelProblem(
            f"{network} or its .bin is gone: delete {path.name} beside it, or run python manage.py models quantize"
        )
    return record


def write_record(env: Environment, record: Record) -> None:
    """Have `record`, and so its network, be what is used from now on."""
    path = record_file(env)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(record), indent=1) + "\n")
    modelfiles.keep(part, path)


def chosen(env: Environment) -> Record | None:
    """The INT8 network that DETECTOR_PRECISION asks for, or None for f32; raises `ModelProblem`."""
    if env.detector_precision == "f32" or env.detector != "openvino-ssd":
        return None
    record = read_record(env)
    if env.detector_precision == "int8":
        if record is None:
            raise modelfiles.ModelProblem(
                "DETECTOR_PRECISION=int8, and no INT8 network was made here: run python manage.py models quantize"
            )
        return record
    return record if record and not record.problem else None


def problems(env: Environment) -> list[str]:
    """What keeps the models of `env`, in the precision that is asked for, from being loaded, one line each."""
    found = modelfiles.problems(env)
    try:
        chosen(env)
    except modelfiles.ModelProblem as problem:
        found.append(str(problem))
    return found


def prepare(env: Environment, say: Callable[[str], None] = print) -> None:
    """`modelfiles.prepare`, and say which precision it is; raises as that does and as `chosen` does."""
    modelfiles.prepare(env, say)
    if chosen(env) or env.detector != "openvino-ssd" or env.detector_precision != "auto":
        return
    record = read_record(env)
    if record:
        say(f"The detector stays at f32, for of its INT8 network: {record.problem}")
    elif any(env.models_dir.glob("*-int8.json")):
        say("The INT8 network was made for another release. To have one again: python manage.py models quantize")


def processes(env: Environment) -> int:
    """How many pictures are looked at in parallel: DETECT_PROCESSES, else what suits cores and memory.

    One for each core with INT8, one for every second core with f32, which takes half as much memory again
    (docs/models.md). Raises `ModelProblem` as `chosen` does.
    """
    cores = os.cpu_count() or 1
    if env.detect_processes:
        return env.detect_processes
    return cores if chosen(env) else max(1, cores // 2)
