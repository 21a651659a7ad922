"""Number plates, their readings on images, the vehicles that they make out, and what people corrected."""

from plates.models.correction import Correction, CorrectionKind
from plates.models.plate import Plate, PlateAlias, PlateKey, PlateList, PlatePart, note_sightings
from plates.models.reading import PlateReading, RecognitionRun
from plates.models.sighting import Sighting, SightingStatus
from plates.models.site import PlateSettings

__all__ = [
    "Correction",
    "CorrectionKind",
    "Plate",
    "PlateAlias",
    "PlateKey",
    "PlateList",
    "PlatePart",
    "PlateReading",
    "PlateSettings",
    "RecognitionRun",
    "Sighting",
    "SightingStatus",
    "note_sightings",
]
