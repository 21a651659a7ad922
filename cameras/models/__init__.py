"""Nodes, cameras, and what they sent."""

from cameras.models.camera import Camera, CameraAlias, PlateMode, PlateSource
from cameras.models.changed_hour import ChangedHour
from cameras.models.dead_letter import DeadLetter
from cameras.models.event import Event
from cameras.models.image import Image
from cameras.models.node import Node, NodeAlias
from cameras.models.purge import Purge
from cameras.models.reconciliation import (
    Depth,
    Fault,
    FileFault,
    Installation,
    Reconciliation,
    ReconciliationState,
)
from cameras.models.removal import Removal
from cameras.models.run import RunStatus, StageRun
from cameras.models.tombstone import Tombstone
from cameras.models.visit import Visit
from cameras.models.zone import Zone, ZoneKind

__all__ = [
    "Camera",
    "CameraAlias",
    "ChangedHour",
    "DeadLetter",
    "Depth",
    "Event",
    "Fault",
    "FileFault",
    "Image",
    "Installation",
    "Node",
    "NodeAlias",
    "PlateMode",
    "PlateSource",
    "Purge",
    "Reconciliation",
    "ReconciliationState",
    "Removal",
    "RunStatus",
    "StageRun",
    "Tombstone",
    "Visit",
    "Zone",
    "ZoneKind",
]
