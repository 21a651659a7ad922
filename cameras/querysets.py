"""Reads of cameras and of what they sent. `visible_to` is the one gate between people and data."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet

from accounts.models import User

M = TypeVar("M", bound=Model)


class VisibleQuerySet(QuerySet[M, M]):
    """Rows that belong to a camera; `camera_path` is how to reach it from the row."""

    camera_path = ""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Only what this person may see: nothing for anonymous and inactive ones, all for who is not limited."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        return self if user.sees_everything else self.shown_to(user)

    def shown_to(self, user: User) -> Self:
        """What cameras show whose viewers name this person.

        By the cameras' numbers: joined with their viewers, MariaDB would read everything of these cameras first.
        """
        lookup: dict[str, Any] = {f"{self.camera_path}__in": user.camera_numbers}
        return self.filter(**lookup)


class CameraQuerySet(VisibleQuerySet[M]):
    """Cameras."""

    def shown_to(self, user: User) -> Self:
        """Those whose viewers name this person."""
        return self.filter(viewers=user)


class NodeQuerySet(VisibleQuerySet[M]):
    """Nodes, each seen through any of its cameras."""

    def shown_to(self, user: User) -> Self:
        """Each node once, however many of its cameras the person sees."""
        return self.filter(cameras__viewers=user).distinct()


class SeenThroughCamera(VisibleQuerySet[M]):
    """Rows with a camera: images, visits."""

    camera_path = "camera"


class EventQuerySet(SeenThroughCamera[M]):
    """Events. Those of a node without a camera (sensors, restarts) are for people who are not limited."""


class SeenThroughImage(VisibleQuerySet[M]):
    """Rows with an image: detections, readings, runs."""

    camera_path = "image__camera"
