"""One view of a node, and the views that were merged into it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from cameras.fields import ExactCharField
from cameras.models.node import Node
from cameras.querysets import CameraQuerySet
from cameras.validators import validate_labels, validate_rois, validate_scores


class PlateMode(models.TextChoices):
    """Which pictures of a camera have their number plates read."""

    OFF = "off", "Off"
    VEHICLES = "vehicles", "Where a vehicle is found"
    ALWAYS = "always", "In every picture"


class PlateSource(models.TextChoices):
    """Who reads the plates of a camera."""

    LOCAL = "local", "This computer"
    CLOUD = "cloud", "Plate Recognizer"
    LOCAL_THEN_CLOUD = "local_then_cloud", "This computer, then Plate Recognizer where it is in doubt"


class Camera(models.Model):
    """One view of a node, with what should be done to its pictures. Created when its first message arrives."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="cameras")
    view = ExactCharField(max_length=128, blank=True, help_text="imagenode's `viewname`, what follows the node's name.")
    display = models.BooleanField(default=True, help_text="Show this camera's latest picture.")
    detect = models.BooleanField("find objects", default=True)
    labels = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_labels],
        help_text='Objects to keep, such as ["person", "car"]; all when empty.',
    )
    min_score = models.FloatField(
        "minimum score",
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="0 to 1; weaker detections are dropped. Empty: DETECTION_MIN_SCORE, below which nothing is kept.",
    )
    scores = models.JSONField(
        "scores by label",
        default=dict,
        blank=True,
        validators=[validate_scores],
        help_text='Minimum scores of their own for some labels, such as {"person": 0.5}.',
    )
    min_size = models.FloatField(
        "smallest box",
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="Percent of the picture's area; smaller boxes are dropped.",
    )
    max_size = models.FloatField(
        "largest box",
        default=100,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="Percent of the picture's area; larger boxes are dropped.",
    )
    plates = models.CharField(
        "read number plates", max_length=10, choices=PlateMode.choices, default=PlateMode.VEHICLES
    )
    plate_source = models.CharField(
        "who reads them",
        max_length=16,
        choices=PlateSource.choices,
        default=PlateSource.LOCAL,
        help_text="Plate Recognizer is a paid service: pictures leave this site. Set PLATE_RECOGNIZER_TOKEN for it.",
    )
    newest_first = models.BooleanField(
        default=False, help_text="When pictures wait in line, look at this camera's latest before its older ones."
    )
    visit_gap = models.FloatField(
        "gap between visits",
        null=True,
        blank=True,
        validators=[MinValueValidator(0.1), MaxValueValidator(3600)],
        help_text="Seconds without a picture after which the next one begins a new visit. Empty: VISIT_GAP_SECONDS.",
    )
    retention_days = models.PositiveSmallIntegerField(
        "keep pictures for",
        null=True,
        blank=True,
        help_text="Days; 0 for ever. Empty: RETENTION_DAYS.",
    )
    retention_empty_days = models.PositiveSmallIntegerField(
        "where nothing was found, for",
        null=True,
        blank=True,
        help_text="Days; 0 as long as the others. Empty: RETENTION_EMPTY_DAYS.",
    )
    rois = models.JSONField(
        "regions of interest",
        default=dict,
        blank=True,
        validators=[validate_rois],
        help_text="imagenode's named areas: name to corners in percent.",
    )
    message = models.CharField(
        max_length=200, blank=True, help_text="How to name the place in messages, such as “at the back door”."
    )
    viewers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="chosen_cameras",
        help_text="People who are limited to chosen cameras and may see this one.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Since then it is out of use and hidden; its pictures stay. A new message brings it back.",
    )

    objects = CameraQuerySet.as_manager()

    class Meta:
        ordering = ["node__name", "view"]
        constraints = [models.UniqueConstraint(fields=["node", "view"], name="one_camera_a_node_and_view")]

    def __str__(self) -> str:
        return f"{self.node.name} {self.view}".strip()

    def clean(self) -> None:
        """Boxes have to be of some size."""
        sizes = self.min_size, self.max_size
        if None not in sizes and self.min_size >= self.max_size:
            raise ValidationError({"max_size": "The largest box has to be larger than the smallest."})


class CameraAlias(models.Model):
    """A view that was merged into another camera: what is still sent under it belongs there.

    While the camera of that very node and view is still there, its rows are on their way, see `cameras/merging.py`.
    """

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="merged_views")
    view = ExactCharField(max_length=128, blank=True)
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="aliases")
    merged_id = models.PositiveBigIntegerField(
        null=True, blank=True, unique=True, help_text="The number of the camera that was merged, for its old addresses."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["node__name", "view"]
        constraints = [models.UniqueConstraint(fields=["node", "view"], name="one_alias_a_node_and_view")]
        verbose_name = "merged camera"

    def __str__(self) -> str:
        return f"{self.node.name} {self.view}".strip()
