"""`manage.py models quantize`: INT8 of the detector's network, made once and used only if it is good enough."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

import environment
from detections.precision import Record
from environment import Environment

HELP = "make INT8 of the SSD, faster on most processors, and compare it"


def arguments(parser: ArgumentParser) -> None:
    """Accept pictures and labelled pictures."""
    parser.add_argument(
        "--pictures", type=folder, metavar="FOLDER", help="make it from these instead of the newest pictures kept"
    )
    parser.add_argument(
        "--labelled",
        type=folder,
        metavar="FOLDER",
        help="compare with labels: a folder of images/NAME.jpg and labels/NAME.txt as YOLO's tools write them",
    )
    parser.add_argument("--count", type=count, default=300, help="of so many pictures at most (300)")


def folder(text: str) -> Path:
    """A folder that exists."""
    path = Path(text)
    if not path.is_dir():
        raise ArgumentTypeError(f"{text!r} is not a folder")
    return path


def count(text: str) -> int:
    """A number of pictures."""
    if not text.isdecimal() or not 30 <= int(text) <= 5000:
        raise ArgumentTypeError(f"{text!r} is not a number from 30 to 5000")
    return int(text)


def run(env: Environment, options: dict[str, Any], console: Console) -> None:
    """Make INT8, say how it compares and whether it is used; ends the process where it cannot be made."""
    if env.detector != "openvino-ssd":
        environment.fail(f"INT8 is made for the detector openvino-ssd, and DETECTOR is {env.detector}")
    from detections.quantizing import making, samples

    try:
        chosen = samples.choose(env.images_dir, options["count"], options["pictures"])
        console.print(f"INT8 from {escape(chosen.source)}; can be stopped at any time: f32 stays until it is done")
        record = making.quantize(env, chosen, options["labelled"], console)
    except ValueError as problem:
        environment.fail(str(problem))
    except KeyboardInterrupt:
        environment.fail("stopped; nothing was changed")
    show(record, console)
    console.print(verdict(env, record))


def show(record: Record, console: Console) -> None:
    """Print the comparison."""
    table = Table("", "f32", "INT8", box=None, padding=(0, 2))
    table.add_row("ms an image (CPU, one thread)", f"{record.ms_f32:.1f}", f"{record.ms_int8:.1f}")
    table.add_row("agreement with the boxes of f32 (AP)", "1", f"{record.agreement:.3f}")
    if record.ap_f32 is not None and record.ap_int8 is not None:
        table.add_row("AP on the labelled pictures", f"{record.ap_f32:.3f}", f"{record.ap_int8:.3f}")
    console.print(table)
    console.print(f"made from {record.pictures} pictures, compared on {record.compared} others")


def verdict(env: Environment, record: Record) -> str:
    """What comes of it."""
    if env.detector_precision == "f32":
        return "f32 stays, for DETECTOR_PRECISION=f32 is set."
    if record.problem and env.detector_precision == "auto":
        return f"[yellow]f32 stays: {record.problem}.[/yellow]"
    warning = f"[yellow]{record.problem}, but DETECTOR_PRECISION=int8 is set.[/yellow]\n" if record.problem else ""
    return f"{warning}[green]INT8 is used from the next start of the workers on (make run).[/green]"
