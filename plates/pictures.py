"""Which pictures of a visit show its vehicles' plates best."""

from __future__ import annotations

from collections.abc import Iterable

from cameras.models import Image, Visit
from detections.detectors.labels import VEHICLES
from detections.models import Detection
from detections.picture import Box
from plates.models import PlateReading, Sighting, SightingStatus

EDGE = 0.01
"""A vehicle whose box comes so close to the picture's edge, as a fraction of its width or height, is cut off there."""
CUT_OFF = 0.5
"""Factor for such a vehicle: its plate may be outside."""
SETTLED = (SightingStatus.MATCHED, SightingStatus.NEW)


def best_images(visit: Visit) -> list[Image]:
    """The readable pictures of a visit, the one first on which a plate could be read best.

    Each vehicle's best picture comes before any second one, vehicles that are not sure yet first. A picture is the
    better the taller the plate read on it, weighed with the reading's confidence; those without a reading follow, the
    larger and surer a vehicle on them, the earlier. Three queries.
    """
    images = {one.pk: one for one in visit.images.filter(problem="").order_by("received_at", "pk")}
    readings = PlateReading.objects.filter(image__in=images).select_related("sighting")
    vehicles = Detection.objects.filter(image__in=images, label__in=VEHICLES)
    worth = dict.fromkeys(images, (0, 0.0))
    for one in vehicles:
        worth[one.image_id] = max(worth[one.image_id], (1, vehicle_worth(one, images[one.image_id])))
    first: dict[int | None, tuple[float, int]] = {}
    unsure: set[int | None] = set()
    for reading in readings:
        size = plate_worth(reading.box, reading.confidence)
        worth[reading.image_id] = max(worth[reading.image_id], (2, size))
        first[reading.sighting_id] = max(first.get(reading.sighting_id, (0.0, 0)), (size, reading.image_id))
        if not is_settled(reading.sighting):
            unsure.add(reading.sighting_id)
    order = sorted(first, key=lambda key: (key not in unsure, -first[key][0]))
    firsts = [first[key][1] for key in order]
    rest = sorted(images, key=lambda pk: worth[pk], reverse=True)
    return [images[pk] for pk in unique([*firsts, *rest])]


def is_settled(sighting: Sighting | None) -> bool:
    """Whether it is known which vehicle a reading belongs to."""
    return sighting is not None and sighting.status in SETTLED


def plate_worth(box: Box, confidence: float) -> float:
    """How well a plate can be read on a picture: its height in pixels, weighed with the reader's confidence."""
    return (box[3] - box[1]) * (0.5 + confidence)


def vehicle_worth(vehicle: Detection, image: Image) -> float:
    """How well a vehicle can be seen on a picture: the part of it that the box covers, weighed with the confidence."""
    x1, y1, x2, y2 = vehicle.box
    width, height = image.width or 1, image.height or 1
    inside = EDGE * width < x1 and x2 < (1 - EDGE) * width and EDGE * height < y1 and y2 < (1 - EDGE) * height
    part = (x2 - x1) * (y2 - y1) / (width * height)
    return part * vehicle.confidence * (1 if inside else CUT_OFF)


def unique(numbers: Iterable[int]) -> list[int]:
    """Each once, in the order of its first place."""
    return list(dict.fromkeys(numbers))
