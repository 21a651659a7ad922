"""What a stage did with an image, in words: nothing found, not looked yet and not wanted are different facts."""

from __future__ import annotations

from dataclasses import dataclass

from cameras.models import Image, RunStatus, StageRun

DETECTION = {
    RunStatus.QUEUED: "Not looked yet",
    RunStatus.DONE: "Something found",
    RunStatus.EMPTY: "Nothing found",
    RunStatus.SKIPPED: "Not looked for",
    RunStatus.FAILED: "Detection failed",
}
RECOGNITION = {
    RunStatus.QUEUED: "Plates not read yet",
    RunStatus.DONE: "Plate read",
    RunStatus.EMPTY: "No plate read",
    RunStatus.SKIPPED: "Plates not wanted",
    RunStatus.FAILED: "Plate reading failed",
}
CLOUD = {
    RunStatus.QUEUED: "Not sent yet",
    RunStatus.DONE: "Plate read",
    RunStatus.EMPTY: "No plate read",
    RunStatus.SKIPPED: "Not sent",
    RunStatus.FAILED: "Sending failed",
}


PUT_OFF, WHY_PUT_OFF = "Put off", "Too much waited when it came; it is looked at once there is room."


@dataclass(frozen=True, slots=True)
class State:
    """How a stage stands: `key` picks icon and colour, `reason` says more."""

    key: str
    text: str
    reason: str = ""


def detection_state(image: Image) -> State:
    """How object detection stands; without a run row nobody has looked yet."""
    return _state(getattr(image, "detection_run", None), DETECTION)


def recognition_state(image: Image) -> State:
    """How plate reading stands."""
    return _state(getattr(image, "recognition_run", None), RECOGNITION)


def cloud_state(image: Image) -> State:
    """How reading by Plate Recognizer stands."""
    return _state(getattr(image, "cloud_run", None), CLOUD)


def notes(image: Image) -> list[State]:
    """What a card says where the picture itself does not: no more than a person needs to tell the states apart."""
    if not image.width or not image.height:
        return [State("unreadable", "File cannot be read", image.problem)]
    looked, read = detection_state(image), recognition_state(image)
    said = [] if looked.key == RunStatus.DONE else [looked]
    waiting = read.key == RunStatus.QUEUED and looked.key != RunStatus.QUEUED
    if waiting or read.key in {RunStatus.EMPTY, RunStatus.FAILED}:
        said.append(read)
    return said


def _state(run: StageRun | None, words: dict[RunStatus, str]) -> State:
    status = RunStatus(run.status) if run else RunStatus.QUEUED
    if run and run.put_off:
        return State(status.value, PUT_OFF, WHY_PUT_OFF)
    return State(status.value, words[status], run.reason if run else "")
