"""Plates read with the PP-OCRv6 networks that package rapidocr carries, on OpenVINO.

Text is found in a vehicle's crop or in the whole picture; lines shaped like a plate, and lines stacked like those of
a plate of two, are read, and all crops of one place vote. Where nothing sure comes of it, text is looked for again at
other sizes, which finds what is small, faint or large.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial

from detections import modelfiles
from detections.picture import Box, Picture, Pixels
from environment import PLATE_REGIONS, Environment
from plates.looking import distinct
from plates.readers.base import FoundPlate
from plates.readers.formats import Formats
from plates.readers.lines import Line, different, joined, upright
from plates.readers.ranking import best_plate, crop, places
from plates.readers.stacks import Stack, stacked, stacked_crop
from plates.readers.text_detection import TextDetector
from plates.readers.text_recognition import Reading, TextRecogniser

MOST_VEHICLES = 3
VEHICLE_MARGIN = 0.04
VEHICLE_SIDES, WHOLE_SIDES = (640, 448, 960), (960, 1280)
"""Longer sides in pixels at which text is looked for, one after the other."""
SURE = 0.75
"""From this confidence on no further look is taken."""
MOST_LINES = 8
MOST_STACKS = 6
WIDER, TALLER = 0.03, -0.05
"""How a line is cut out for reading, as fractions of its size."""
WIDTHS = (1.0, 1.2)
"""Each line is read as it is and spread out, since plates' letters are narrower than those of other writing."""
ROW = 64
"""Height in pixels of a line that is cut out, a little above the recogniser's input."""


class RapidOcrReader:
    """The two networks, loaded once. Not thread-safe."""

    name = "rapidocr"

    def __init__(self, env: Environment) -> None:
        """Load the networks; raises `ModelProblem` when a file is missing or altered."""
        files = (modelfiles.TEXT_DETECTION, modelfiles.TEXT_RECOGNITION)
        self.version = hashlib.sha256("".join(file.sha256 for file in files).encode()).hexdigest()[:12]
        self._detector = TextDetector(files[0].checked(), env.inference_threads)
        self._recogniser = TextRecogniser(files[1].checked(), env.inference_threads)
        self.expect(env.plate_regions or PLATE_REGIONS)

    def expect(self, regions: Sequence[str]) -> None:
        """Whose plates are likely, from now on; raises `KeyError` for a region that formats.json does not have."""
        self._formats = Formats(regions)

    def read_boxes(self, picture: Picture, boxes: Sequence[Box]) -> list[FoundPlate]:
        """Plates inside the largest vehicle boxes, best first, at most one a box; raises `UnreadablePicture`."""
        largest = sorted(boxes, key=lambda box: -(box[2] - box[0]) * (box[3] - box[1]))[:MOST_VEHICLES]
        pixels = picture.full()
        found = (self._plates(pixels, self._looks(pixels, box, VEHICLE_SIDES), True) for box in largest)
        return distinct(plates[0] for plates in found if plates)

    def read_whole(self, picture: Picture) -> list[FoundPlate]:
        """Plates anywhere in the picture, best first; raises `UnreadablePicture`."""
        pixels = picture.full()
        return self._plates(pixels, self._looks(pixels, (0, 0, picture.width, picture.height), WHOLE_SIDES), False)

    def _looks(self, pixels: Pixels, box: Box, sides: Sequence[int]) -> Iterator[list[Line]]:
        """The lines in a box, looked for at one size after the other."""
        crop, x, y = _cut(pixels, box, VEHICLE_MARGIN)
        for side in sides:
            yield [line.moved(1, x, y) for line in self._detector.find(crop, side)]

    def _plates(self, pixels: Pixels, looks: Iterable[list[Line]], inside: bool) -> list[FoundPlate]:
        """Plates among the lines, best first; another look is taken, and its crops added, while none is sure."""
        read = cache(partial(self._read, pixels))
        lines: list[Line] = []
        stacks: list[Stack] = []
        plates: list[FoundPlate] = []
        for look in looks:
            rows = joined(look)
            shaped = sorted((line for line in rows if line.may_be_plate()), key=lambda line: -line.score)
            lines += different([*lines, *shaped])[len(lines) :][:MOST_LINES]
            stacks += stacked(different(rows))[:MOST_STACKS]
            of_one = [crop(read(line, wide), line) for wide in WIDTHS for line in lines]
            of_two = [
                stacked_crop(pair, read(pair.top, wide), read(pair.bottom, wide), self._formats)
                for wide in WIDTHS
                for pair in stacks
            ]
            together = [place for crops in (of_one, of_two) for place in places(one for one in crops if one)]
            found = (best_plate(place, self._formats, inside) for place in together)
            plates = distinct(plate for plate in found if plate)
            if plates and plates[0].confidence >= SURE:
                break
        return plates

    def _read(self, pixels: Pixels, line: Line, wide: float) -> Reading:
        return self._recogniser.read(upright(pixels, line, WIDER, TALLER, ROW), wide)


def _cut(pixels: Pixels, box: Box, margin: float) -> tuple[Pixels, int, int]:
    """The pixels in a box grown by a fraction of its size on every side, and where they start."""
    height, width = pixels.shape[:2]
    across, down = (box[2] - box[0]) * margin, (box[3] - box[1]) * margin
    x1, y1 = max(0, int(box[0] - across)), max(0, int(box[1] - down))
    x2, y2 = min(width, int(box[2] + across) + 1), min(height, int(box[3] + down) + 1)
    return pixels[y1:y2, x1:x2], x1, y1
