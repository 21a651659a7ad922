"""Another name for a node, and cameras that go out of use: decisions of people, not of machines."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cameras.models import Camera, Node, NodeAlias
from cameras.receiver_settings import write_receiver_settings
from cameras.services import UNIDENTIFIED

NAME = re.compile(r"(?!\.)[^\s|/\\]{1,64}")
"""What imagenode's `node.name` can be: no blank, since that is where the view begins."""


def check_name(node: Node, name: str) -> None:
    """Raise `ValidationError` where a node cannot be given that name."""
    if UNIDENTIFIED in {node.name, name}:
        raise ValidationError(f"“{UNIDENTIFIED}” is where files without a known camera go; its name stays.")
    if not NAME.fullmatch(name) or not name.isprintable():
        raise ValidationError("A name has 1 to 64 characters, no blank, slash or |, and no dot in front.")
    if name == node.name:
        raise ValidationError("That is its name already.")
    if Node.objects.filter(name=name).exists():
        raise ValidationError("Another node has this name.")
    if NodeAlias.objects.filter(name=name).exclude(node=node).exists():
        raise ValidationError("Another node had this name, and what is sent under it belongs there.")


def rename_node(node: Node, name: str) -> None:
    """Give a node another name; what is still sent under the present one goes to it too. Files keep their names.

    Raises `ValidationError` where the name is not to be had.
    """
    check_name(node, name)
    before = node.name
    try:
        with transaction.atomic():
            NodeAlias.objects.filter(name=name).delete()  # it gets back a name of its own
            Node.objects.filter(pk=node.pk).update(name=name)
            NodeAlias.objects.create(name=before, node=node)
            transaction.on_commit(write_receiver_settings)
    except IntegrityError as problem:
        raise ValidationError("A node of this name came up at this very moment.") from problem
    node.name = name


def retire(cameras: Iterable[Camera]) -> None:
    """Hide cameras that are out of use; their pictures stay."""
    _set_retired(cameras, retired=True)


def unretire(cameras: Iterable[Camera]) -> None:
    """Show cameras again."""
    _set_retired(cameras, retired=False)


def _set_retired(cameras: Iterable[Camera], retired: bool) -> None:
    chosen = Camera.objects.filter(pk__in=[camera.pk for camera in cameras], retired_at__isnull=retired)
    chosen.update(retired_at=timezone.now() if retired else None)
