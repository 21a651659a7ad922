"""Whether the service has anything to do with an image, as far as the image alone tells. Of its visit: `visits.py`."""

from __future__ import annotations

from datetime import timedelta

import environment
from cameras import runs
from cameras.models import Image, PlateSource, RunStatus
from cloud.models import CloudRun
from detections.detectors.labels import VEHICLES
from detections.models import Detection, DetectionRun
from plates.models import PlateReading
from plates.services import wish_for

HERE = "plates of this camera are read by this computer alone"
NOT_SET = "PLATE_RECOGNIZER_TOKEN is not set"
OLD = "it was there long before it was indexed: `manage.py reprocess --stage cloud` has it sent"
OLD_AFTER = timedelta(days=1)


def never(image: Image) -> str:
    """Why a new image is not for the service, told by its camera alone; empty where it may be."""
    if image.camera.plate_source == PlateSource.LOCAL:
        return HERE
    return OLD if image.registered_at - image.received_at > OLD_AFTER else ""


def leave_out(image: Image) -> bool:
    """Whether the service has nothing to do with an image, asked once plates were read here.

    Nothing is looked up where its camera alone tells: its run row has the reason from the beginning.
    """
    return image.camera.plate_source == PlateSource.LOCAL or skip_unwanted(image)


def skip_unwanted(image: Image) -> bool:
    """End the run of an image that is not for the service; whether it was one."""
    reason = unwanted(image)
    if reason:
        runs.skip(CloudRun, image, reason)
    return bool(reason)


def unwanted(image: Image) -> str:
    """Why an image is not for the service; empty where it is."""
    if image.camera.plate_source == PlateSource.LOCAL:
        return HERE
    if not environment.current().cloud_reading:
        return NOT_SET
    if not image.width or not image.height:
        return "the picture cannot be decoded"
    wish = wish_for(image)
    if wish and wish.reason:
        return wish.reason
    if image.camera.plate_source == PlateSource.LOCAL_THEN_CLOUD and nothing_here(image):
        return "neither a vehicle nor a plate was found here"
    return ""


def nothing_here(image: Image) -> bool:
    """Whether this computer looked for vehicles and for plates and saw neither."""
    looked = DetectionRun.objects.filter(image=image, status__in=(RunStatus.DONE, RunStatus.EMPTY)).exists()
    vehicle = Detection.objects.filter(image=image, label__in=VEHICLES).exists()
    return looked and not vehicle and not PlateReading.objects.filter(image=image).exists()
