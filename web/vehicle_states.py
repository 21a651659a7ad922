"""What is known of a vehicle, in words. Unknown is a state, not a plate."""

from __future__ import annotations

from dataclasses import dataclass

from plates.models import Sighting, SightingStatus


@dataclass(frozen=True, slots=True)
class VehicleState:
    """A badge's words and kind, and a sentence that says more."""

    text: str
    kind: str
    more: str


STATES = {
    SightingStatus.MATCHED: VehicleState("Matched", "ok", "This plate was seen or entered before."),
    SightingStatus.NEW: VehicleState("New", "accent", "This plate was seen for the first time."),
    SightingStatus.AMBIGUOUS: VehicleState(
        "Ambiguous",
        "warning",
        "It is like a plate, but not surely that one. 0 away would be the same, 1 away one other character.",
    ),
    SightingStatus.UNKNOWN: VehicleState("Unknown", "", "Something was read, but not surely enough to be a plate."),
}
UNREAD = VehicleState("Unknown", "", "No plate could be read on this vehicle.")
UNSETTLED = (SightingStatus.AMBIGUOUS, SightingStatus.UNKNOWN)
"""States that a person can settle."""


def vehicle_state(sighting: Sighting) -> VehicleState:
    """The state of a vehicle in words."""
    if not sighting.text and not sighting.plate_id:
        return UNREAD
    return STATES[SightingStatus(sighting.status)]
