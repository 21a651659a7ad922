"""Models that `manage.py models fetch` downloads, known by their content; nothing else is ever downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Fetchable:
    """One ONNX file on a public server."""

    name: str
    """What DETECTOR calls it."""
    file: str
    """Its name under DATA_DIR/models."""
    url: str
    sha256: str
    size: int
    """Bytes."""
    origin: str
    licence: str


_SAMPLES = "Kazuhito00/DEIMv2-ONNX-Sample"
_COMMIT = "f88d4382abca74edb26ed4c7f46190ac40da0ea5"
_FEMTO = "deimv2_hgnetv2_femto_coco.onnx"

DEIMV2_FEMTO = Fetchable(
    "deimv2-femto",
    _FEMTO,
    f"https://raw.githubusercontent.com/{_SAMPLES}/{_COMMIT}/model/{_FEMTO}",
    "c6ad358f750132b891165e034c2ba507abefc5ebe1c1d2732a0acbcacc47e52c",
    4_116_144,
    f"https://github.com/{_SAMPLES}",
    "Apache-2.0",
)
"""DEIMv2-Femto, 416x416, trained on COCO; made by https://github.com/Intellindust-AI-Lab/DEIMv2, exported by others."""

FETCHABLE = MappingProxyType({one.name: one for one in (DEIMV2_FEMTO,)})
