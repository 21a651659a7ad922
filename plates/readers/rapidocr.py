"""Plates read with the PP-OCRv6 networks that package rapidocr carries, on OpenVINO.

Text is found in a vehicle's crop or in the whole picture; lines shaped like a plate are read; the best two are looked
at again from close by, where the text's outline and so its crop come out tighter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from detections import modelfiles
from detections.picture import Box, Picture, Pixels
from environment import Environment
from plates.looking import SAME_PLATE, distinct, shared
from plates.readers.base import FoundPlate
from plates.readers.formats import Formats
from plates.readers.lines import Line, joined, upright
from plates.readers.ranking import Scored, best_plate, score
from plates.readers.text_detection import TextDetector
from plates.readers.text_recognition import TextRecogniser

MOST_VEHICLES = 3
VEHICLE_MARGIN = 0.04
VEHICLE_SIDE = 640
WHOLE_SIDE = 960
ZOOM_SIDE = 320
MOST_LINES = 8
ZOOMED = 2
WIDER, TALLER = 0.03, -0.05
"""How a line is cut out for reading, as fractions of its size."""
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
        self._formats = Formats(env.plate_regions)

    def read_boxes(self, picture: Picture, boxes: Sequence[Box]) -> list[FoundPlate]:
        """Plates inside the largest vehicle boxes, best first, at most one a box; raises `UnreadablePicture`."""
        largest = sorted(boxes, key=lambda box: -(box[2] - box[0]) * (box[3] - box[1]))[:MOST_VEHICLES]
        plates = (best_plate(self._in_vehicle(picture.full(), box)) for box in largest)
        return distinct(plate for plate in plates if plate)

    def read_whole(self, picture: Picture) -> list[FoundPlate]:
        """Plates anywhere in the picture, best first; raises `UnreadablePicture`."""
        pixels = picture.full()
        lines = self._detector.find(pixels, WHOLE_SIDE)
        if max(pixels.shape[:2]) < WHOLE_SIDE:
            lines += self._detector.find(pixels, max(pixels.shape[:2]))
        readings = self._readings(pixels, lines)
        return distinct(plate for place in _places(readings) if (plate := best_plate(place)))

    def _in_vehicle(self, pixels: Pixels, box: Box) -> list[Scored]:
        crop, x, y = _cut(pixels, box, VEHICLE_MARGIN)
        lines = [
            line.moved(1, x, y)
            for line in self._detector.find(crop, max(VEHICLE_SIDE, min(max(crop.shape[:2]), WHOLE_SIDE)))
        ]
        return self._readings(pixels, lines)

    def _readings(self, pixels: Pixels, lines: Sequence[Line]) -> list[Scored]:
        """The lines read once, and those of the best two places again from close by."""
        shaped = sorted((line for line in joined(lines) if line.may_be_plate()), key=lambda line: -line.score)
        first = sorted(self._read(pixels, shaped[:MOST_LINES]), key=lambda one: -one.confidence)
        closer = [again for one in first[:ZOOMED] for again in self._closer(pixels, one.line)]
        return [*first, *closer]

    def _closer(self, pixels: Pixels, line: Line) -> Iterator[Scored]:
        x1, y1, x2, y2 = line.box()
        crop, x, y = _cut(pixels, (x1, y1 - (y2 - y1) / 2, x2, y2 + (y2 - y1) / 2), 0.2)
        lines = [one.moved(1, x, y) for one in self._detector.find(crop, ZOOM_SIDE)]
        return self._read(pixels, [one for one in joined(lines) if one.may_be_plate()][:3])

    def _read(self, pixels: Pixels, lines: Iterable[Line]) -> Iterator[Scored]:
        for line in lines:
            reading = self._recogniser.read(upright(pixels, line, WIDER, TALLER, ROW))
            scored = score(reading, line, self._formats)
            if scored is not None:
                yield scored


def _cut(pixels: Pixels, box: Box, margin: float) -> tuple[Pixels, int, int]:
    """The pixels in a box grown by a fraction of its size on every side, and where they start."""
    height, width = pixels.shape[:2]
    across, down = (box[2] - box[0]) * margin, (box[3] - box[1]) * margin
    x1, y1 = max(0, int(box[0] - across)), max(0, int(box[1] - down))
    x2, y2 = min(width, int(box[2] + across) + 1), min(height, int(box[3] + down) + 1)
    return pixels[y1:y2, x1:x2], x1, y1


def _places(readings: Iterable[Scored]) -> list[list[Scored]]:
    """The readings grouped by where they were read."""
    places: list[list[Scored]] = []
    for reading in sorted(readings, key=lambda one: -one.confidence):
        box = reading.line.box()
        place = next((place for place in places if shared(place[0].line.box(), box) > SAME_PLATE), None)
        if place is None:
            places.append([reading])
        else:
            place.append(reading)
    return places
