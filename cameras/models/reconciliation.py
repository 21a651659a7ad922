"""Comparing the folder of images with the index: each run, and what was found."""

from pathlib import PurePosixPath
from typing import ClassVar

from django.db import models

from cameras.fields import ExactCharField
from cameras.models.image import Image


class Installation(models.Model):
    """The one row that says which installation this is; a file in the folder of images says the same."""

    key = models.UUIDField(unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.key)


class Depth(models.TextChoices):
    """How closely files are looked at."""

    NAMES = "names", "Names"
    SIZES = "sizes", "Names and sizes"
    HASHES = "hashes", "Names, sizes and contents"


class ReconciliationState(models.TextChoices):
    """How a run stands."""

    RUNNING = "running", "Running"
    STOPPED = "stopped", "Stopped, to be gone on with"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"


class Reconciliation(models.Model):
    """One comparison of all files with all rows."""

    COUNTS: ClassVar[tuple[str, ...]] = (
        *("rows", "files", "registered", "republished", "missing", "back", "faulty", "mended", "hashed"),
    )

    started_at = models.DateTimeField(auto_now_add=True)
    worked_at = models.DateTimeField(auto_now=True, help_text="When it last got further.")
    depth = models.CharField(max_length=8, choices=Depth.choices, default=Depth.NAMES)
    by_hand = models.BooleanField(default=False, help_text="Begun by the command, not by the schedule.")
    state = models.CharField(max_length=8, choices=ReconciliationState.choices, default=ReconciliationState.RUNNING)
    text = models.CharField(max_length=500, blank=True, help_text="Why it was refused, or what it could not do.")
    place = ExactCharField(max_length=255, blank=True, help_text="The last picture that was compared.")
    file = ExactCharField(max_length=255, blank=True, help_text="The last file there of those that no row names.")
    total = models.PositiveBigIntegerField(default=0, help_text="Pictures in the index when it began.")
    known_missing = models.PositiveBigIntegerField(default=0, help_text="Of these, known to be missing already.")
    rows = models.PositiveBigIntegerField(default=0, help_text="Pictures of the index compared.")
    files = models.PositiveBigIntegerField(default=0, help_text="Files seen.")
    registered = models.PositiveBigIntegerField(default=0, help_text="Files that the index did not know.")
    republished = models.PositiveBigIntegerField(default=0, help_text="Messages of outboxes that never arrived.")
    missing = models.PositiveBigIntegerField(default=0, help_text="Pictures whose file was found to be gone.")
    back = models.PositiveBigIntegerField(default=0, help_text="Pictures whose file has come back.")
    faulty = models.PositiveBigIntegerField(default=0, help_text="Files that are not what they were, or unknown.")
    mended = models.PositiveBigIntegerField(default=0, help_text="Faults that are gone.")
    hashed = models.PositiveBigIntegerField(default=0, help_text="Pictures whose hash was noted for the first time.")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_depth_display()}, {self.get_state_display().lower()}"


class Fault(models.TextChoices):
    """What is wrong with a file, the worst first."""

    MISSING = "missing", "File is missing"
    UNREADABLE = "no_read", "File cannot be read"
    SIZE = "size", "Size differs"
    CHANGED = "changed", "Contents differ"
    TRUNCATED = "cut", "Picture is cut off"
    STRANGER = "stranger", "Not a picture of librarian"


class FileFault(models.Model):
    """A file that is not as the index says, or that the index will not know; it goes once all is well again."""

    path = ExactCharField(max_length=255, unique=True, help_text="Relative to the data folder.")
    kind = models.CharField(max_length=8, choices=Fault.choices)
    image = models.OneToOneField(Image, on_delete=models.CASCADE, null=True, blank=True, related_name="file_fault")
    text = models.CharField(max_length=255, blank=True)
    found_at = models.DateTimeField(auto_now_add=True)
    run = models.ForeignKey(Reconciliation, on_delete=models.SET_NULL, null=True, blank=True, related_name="faults")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "-id"], name="file_fault_kind_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {PurePosixPath(self.path).name}"
