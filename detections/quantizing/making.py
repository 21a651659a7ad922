"""INT8 of the SSD by nncf's post-training quantisation, compared with f32 before it is recorded for use."""

from __future__ import annotations

import hashlib
import logging
import statistics
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track

from detections import modelfiles, precision
from detections.detectors.openvino_runtime import compile_model, quiet_openvino, read_model
from detections.detectors.ssd import found_boxes, network_input
from detections.detectors.ssd_conversion import convert
from detections.locks import locked
from detections.picture import Picture, Pixels
from detections.quantizing import accuracy
from detections.quantizing.accuracy import Object
from detections.quantizing.samples import Chosen, inputs, of_samples, varied
from environment import Environment

INSTALL = "pip install -r requirements/quantize.txt"
ROUNDS = 7
TIMED = 10


@dataclass(frozen=True, slots=True)
class Comparison:
    """INT8 against f32 on pictures that it was not made from."""

    compared: int
    agreement: float
    sample_agreement: float
    ap_f32: float | None
    ap_int8: float | None
    ms_f32: float
    ms_int8: float


def quantize(env: Environment, chosen: Chosen, labelled: Path | None, console: Console) -> precision.Record:
    """Make INT8 of the SSD, compare it, and record it; returns the record, which tells whether it will be used.

    Raises `ModelProblem` or `ValueError` with one line. Nothing that was there before is touched before the end.
    """
    nncf = _nncf()
    modelfiles.prepare(env, console.print)
    with locked(env.models_dir):
        pictures = list(inputs(reading(chosen.made_from, console))) + list(varied(of_samples().made_from))
        part = env.models_dir / "unfinished.xml"
        _make(nncf, part, pictures)
        found = compare(modelfiles.converted_ssd(env), part, chosen, labelled, console)
        return _record(env, part, found, len(pictures), chosen.source)


def reading(paths: list[Path], console: Console) -> Iterable[Path]:
    """The paths, with a bar that tells how far they were read."""
    return track(paths, "reading pictures", console=console) if paths else paths


def _nncf() -> Any:
    """nncf, imported after OpenVINO was made quiet, for it reports its use by the same package."""
    quiet_openvino()
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        import nncf
        import pycocotools.cocoeval  # noqa: F401
    except ImportError as problem:
        raise modelfiles.ModelProblem(
            f"{problem.name} is missing, which only this command needs: run {INSTALL}"
        ) from None
    nncf.set_log_level(logging.ERROR)
    return nncf


def _make(nncf: Any, part: Path, pictures: Sequence[Pixels]) -> None:
    """Write the INT8 network to `part` and its weights beside it."""
    convert(modelfiles.SSD_GRAPH.checked(), part, part.with_suffix(".bin"), for_int8=True)
    network = nncf.quantize(
        read_model(part),
        nncf.Dataset([pixels[np.newaxis] for pixels in pictures]),
        # Symmetric ranges, and no correction of biases: docs/decisions/int8.md has what each of them loses.
        preset=nncf.QuantizationPreset.PERFORMANCE,
        subset_size=len(pictures),
        advanced_parameters=nncf.AdvancedQuantizationParameters(disable_bias_correction=True),
    )
    made = part.with_stem("unfinished-int8")  # what is mapped into memory must not be written over
    quiet_openvino().save_model(network, made, compress_to_fp16=False)
    for suffix in (".bin", ".xml"):
        made.with_suffix(suffix).replace(part.with_suffix(suffix))


def compare(f32: Path, int8: Path, chosen: Chosen, labelled: Path | None, console: Console) -> Comparison:
    """Both networks on the pictures for the comparison, and on labelled ones where a folder of them is given."""
    networks = [compile_model(read_model(path), 1).create_infer_request() for path in (f32, int8)]
    ours = list(varied(of_samples().compared))
    pictures = ours + list(inputs(reading(chosen.compared, console)))
    truth, found = (_objects(network, ((pixels, (1, 1)) for pixels in pictures)) for network in networks)
    truth_on_ours, found_on_ours = ([one for one in some if one.picture < len(ours)] for some in (truth, found))
    ap_f32 = ap_int8 = None
    count = len(pictures)
    if labelled:
        answers = list(track(list(accuracy.labelled(labelled)), "comparing with labels", console=console))
        ap_f32, ap_int8 = (_ap(network, answers) for network in networks)
        count += len(answers)
    return Comparison(
        count,
        accuracy.agreement(found, truth),
        accuracy.agreement(found_on_ours, truth_on_ours),
        ap_f32,
        ap_int8,
        *_times(networks, pictures[:TIMED]),
    )


def _ap(network: Any, answers: Iterable[tuple[Path, list[tuple[int, Any]]]]) -> float:
    pictures = [(Picture.read(path), objects) for path, objects in answers]
    found = _objects(network, ((network_input(one), (one.width, one.height)) for one, _ in pictures))
    truth = [Object(n, label, box) for n, (_, objects) in enumerate(pictures) for label, box in objects]
    return accuracy.average_precision(found, truth)


def _objects(network: Any, pictures: Iterable[tuple[Pixels, tuple[int, int]]]) -> list[Object]:
    """All that a network finds, down to the lowest score it knows, in pictures of such sizes."""
    found = []
    for n, (pixels, (width, height)) in enumerate(pictures):
        rows = network.infer([pixels[np.newaxis]])[0].reshape(-1, 7)
        found += [Object(n, label, box, score) for label, score, box in found_boxes(rows, width, height)]
    return found


def _times(networks: Sequence[Any], pictures: Sequence[Pixels]) -> list[float]:
    """CPU milliseconds an image of each network: the median over rounds in turn."""
    rounds = [[_seconds(network, pictures) for network in networks] for _ in range(ROUNDS)]
    return [1000 * statistics.median(times) / len(pictures) for times in zip(*rounds, strict=True)]


def _seconds(network: Any, pictures: Sequence[Pixels]) -> float:
    started = time.process_time()
    for pixels in pictures:
        network.infer([pixels[np.newaxis]])
    return time.process_time() - started


def _record(env: Environment, part: Path, found: Comparison, pictures: int, source: str) -> precision.Record:
    """Give the network its name, have it be used, and remove the one before."""
    digest = hashlib.sha256()
    for suffix in (".bin", ".xml"):
        digest.update(part.with_suffix(suffix).read_bytes())
    record = precision.Record(
        digest=digest.hexdigest()[:12],
        pictures=pictures,
        source=source,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        **{name: getattr(found, name) for name in Comparison.__slots__},
    )
    network = precision.network_file(env, record.digest)
    for suffix in (".bin", ".xml"):
        modelfiles.keep(part.with_suffix(suffix), network.with_suffix(suffix))
    precision.write_record(env, record)
    for old in chain(*(env.models_dir.glob(f"{network.stem[:-12]}*{suffix}") for suffix in (".xml", ".bin"))):
        if old.stem != network.stem:
            old.unlink()
    return record
