"""Pictures of number plates, drawn: one line or two, seen at an angle, small, blurred and noisy.

Letters are those of OpenCV's own font, condensed as plates' letters are. The car is a plain one: a box with
lamps, a bumper and a shadow, which is enough for looking for text on it.
"""

from __future__ import annotations

import string
from dataclasses import dataclass

import cv2
import numpy as np

from detections.picture import Box, Picture, Pixels

LETTERS, DIGITS = string.ascii_uppercase, string.digits
WEIGHT, CONDENSED = 560, 0.78
SCENE = (960, 1280)
DARK, WHITE, BLUE, GREY = (28, 26, 30), (236, 240, 238), (150, 60, 10), (176, 180, 182)


@dataclass(frozen=True, slots=True)
class Style:
    """How the plates of one kind look: size in millimetres, the text's rows, and what else stands on them."""

    region: str
    rows: tuple[str, ...]
    size: tuple[int, int]
    text: int
    """Height of the letters in millimetres."""
    band: Box = (0, 0, 0, 0)
    """A blue area, as fractions of the plate's size."""
    motto: str = ""
    """Small writing above the first row, if any."""
    colours: tuple[tuple[int, int, int], tuple[int, int, int]] = (WHITE, DARK)


EUROBAND = (0.0, 0.0, 0.09, 1.0)
STYLES = {
    "us": Style("us", ("NLLLNNN",), (305, 152), 70, motto="WASHINGTON"),
    "us-old": Style("us", ("LLL NNNN",), (305, 152), 66, motto="EVERGREEN STATE", colours=(WHITE, (110, 40, 20))),
    "eu-it": Style("eu", ("LL NNNLL",), (520, 112), 76, EUROBAND),
    "eu-de": Style("eu", ("LL LN NNN",), (520, 112), 76, EUROBAND),
    "eu-gb": Style("eu", ("LLNN LLL",), (520, 111), 79, EUROBAND, colours=((60, 200, 240), DARK)),
    "br": Style("br", ("LLL NNNN",), (400, 130), 63, motto="SAO PAULO", colours=(GREY, DARK)),
    "br-mercosul": Style("br", ("LLLNLNN",), (400, 130), 65, (0.0, 0.0, 1.0, 0.23), motto="BRASIL"),
    "br-motorcycle": Style("br", ("LLL", "NNNN"), (187, 136), 42, motto="RIO", colours=(GREY, DARK)),
    "br-mercosul-motorcycle": Style("br", ("LLL", "NLNN"), (200, 170), 53, (0.0, 0.0, 1.0, 0.18)),
    "eu-it-motorcycle": Style("eu", ("LL", "NNNNN"), (177, 177), 60),
    "eu-de-square": Style("eu", ("LLL", "L NNNN"), (280, 200), 75),
    "eu-gb-square": Style("eu", ("LLNN", "LLL"), (285, 203), 79, colours=((60, 200, 240), DARK)),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture with one plate: its text in normal form, and the box of the vehicle."""

    style: str
    text: str
    picture: Picture
    vehicle: Box


def shown(style: str, seed: int) -> Shown:
    """A picture of a plate of a style; the same seed draws the same."""
    chance = np.random.default_rng([seed, *style.encode()])
    rows = [written(pattern, chance) for pattern in STYLES[style].rows]
    scene, vehicle = _car(chance)
    _hang(scene, vehicle, plate(STYLES[style], rows), chance)
    blurred = cv2.GaussianBlur(scene, (0, 0), float(chance.uniform(0.3, 1.1)))
    noisy = blurred + chance.normal(0, chance.uniform(1, 7), scene.shape)
    encoded = cv2.imencode(".jpg", np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
    return Shown(style, "".join(rows).replace(" ", ""), Picture(encoded.tobytes()), vehicle)


def written(pattern: str, chance: np.random.Generator) -> str:
    """A text of a pattern: L becomes a letter, N a digit; I, O and Q are left out, as most countries do."""
    letters = [one for one in LETTERS if one not in "IOQ"]
    return "".join(str(chance.choice({"L": letters, "N": list(DIGITS)}.get(one, [one]))) for one in pattern)


def plate(style: Style, rows: list[str], scale: float = 4) -> Pixels:
    """The plate seen from before, `scale` pixels a millimetre."""
    width, height = (round(side * scale) for side in style.size)
    ground, ink = style.colours
    pixels = np.full((height, width, 3), ground, np.uint8)
    x1, y1, x2, y2 = (round(part * side) for part, side in zip(style.band, (width, height) * 2, strict=True))
    pixels[y1:y2, x1:x2] = BLUE
    cv2.rectangle(pixels, (0, 0), (width - 1, height - 1), ink, max(1, round(3 * scale)))
    left = x2 if y2 == height else 0
    room = max(height * (0.2 if style.motto else 0.0), y2 if x2 == width else 0)
    if style.motto:
        _write(pixels, style.motto, (width / 2, room * 0.6), height * 0.09, width * 0.8, WHITE if y2 else ink)
    pitch = (height - room - 6 * scale) / len(rows)
    for number, row in enumerate(rows):
        middle = ((left + width) / 2, room + 3 * scale + pitch * (number + 0.5))
        _write(pixels, row, middle, style.text * scale, (width - left) * 0.88, ink)
    return pixels


def _write(
    pixels: Pixels, text: str, middle: tuple[float, float], height: float, room: float, ink: tuple[int, int, int]
) -> None:
    """Text around a point, its letters `height` pixels high and condensed, more so where there is less `room`."""
    font = cv2.FontFace("sans")
    size = round(height / 0.7)
    mask = np.zeros((size * 2, size * (len(text) + 2)), np.uint8)
    cv2.putText(mask, text, (size, round(size * 1.4)), (255,), font, size, WEIGHT)
    x, y, wide, high = cv2.boundingRect(cv2.findNonZero(mask))
    across = round(min(wide * CONDENSED * height / high, room))
    drawn = cv2.resize(mask[y : y + high, x : x + wide], (across, round(height)), interpolation=cv2.INTER_AREA)
    top, left = round(middle[1] - height / 2), round(middle[0] - across / 2)
    area = pixels[top : top + drawn.shape[0], left : left + across]
    share = drawn[: area.shape[0], :, np.newaxis] / 255
    area[:] = (area * (1 - share) + np.array(ink) * share).astype(np.uint8)


def _car(chance: np.random.Generator) -> tuple[Pixels, Box]:
    """A street with a plain car on it, and the car's box."""
    height, width = SCENE
    scene = np.full((height, width, 3), chance.integers(80, 170), np.uint8)
    scene[height // 3 :] = chance.integers(60, 110)
    size = int(chance.integers(480, 760))
    left, top = int(chance.integers(20, width - size - 20)), int(chance.integers(40, height - size * 3 // 4 - 20))
    right, bottom = left + size, top + size * 3 // 4
    paint = chance.integers(20, 230, 3).tolist()
    cv2.rectangle(scene, (left, top + size // 5), (right, bottom), paint, -1)
    cv2.rectangle(scene, (left + size // 6, top), (right - size // 6, top + size // 4), (70, 66, 62), -1)
    cv2.rectangle(scene, (left, bottom - size // 10), (right, bottom), (40, 40, 42), -1)
    for x in (left + size // 9, right - size // 9):
        cv2.circle(scene, (x, top + size * 2 // 5), size // 16, (40, 40, 200), -1)
    return scene, (float(left), float(top), float(right), float(bottom))


def _hang(scene: Pixels, vehicle: Box, drawn: Pixels, chance: np.random.Generator) -> None:
    """Put a plate on a car, turned and foreshortened a little."""
    high, wide = drawn.shape[:2]
    letters = float(chance.uniform(0.9, 1.7))  # of the sizes that plates have in pictures of a camera at a gate
    across, down = wide / 4 * letters * 0.5, high / 4 * letters * 0.5
    middle = np.array([(vehicle[0] + vehicle[2]) / 2, vehicle[1] + (vehicle[3] - vehicle[1]) * 0.66])
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (across / 2, down / 2)
    turn = np.radians(chance.uniform(-7, 7))
    lean = np.array([[np.cos(turn), np.sin(turn)], [chance.uniform(-0.15, 0.15), np.cos(turn)]])
    corners = corners @ lean + chance.uniform(-0.04, 0.04, (4, 2)) * down + middle
    small = cv2.resize(drawn, (round(across * 2), round(down * 2)), interpolation=cv2.INTER_AREA)
    source = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * (small.shape[1], small.shape[0])
    view = cv2.getPerspectiveTransform(source.astype(np.float32), corners.astype(np.float32))
    warped = cv2.warpPerspective(small, view, SCENE[::-1], flags=cv2.INTER_AREA)
    covered = cv2.warpPerspective(np.ones(small.shape, np.uint8), view, SCENE[::-1])
    scene[covered > 0] = warped[covered > 0]
