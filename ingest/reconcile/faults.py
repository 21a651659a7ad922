"""What was found wrong is written down, and taken away again once all is well."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from kombu.exceptions import OperationalError

import environment
from cameras.models import Depth, Fault, FileFault, Image, Reconciliation
from ingest import pipeline
from ingest.reconcile.looking import Row, Seen, readable
from ingest.reprocessing import failed
from ingest.services import look_at, make_thumbnail

log = logging.getLogger(__name__)

MOST_STRANGERS = 10_000
"""Unknown files that are listed one by one; what is more is counted only."""
CLEARED = {
    Depth.NAMES: {Fault.MISSING},
    Depth.SIZES: {Fault.MISSING, Fault.UNREADABLE, Fault.SIZE},
    Depth.HASHES: set(Fault),
}
"""The faults that are gone when a look of that depth sees none."""


def note(run: Reconciliation, looked_at: Sequence[tuple[Row, Seen]]) -> None:
    """Write down what was seen of some pictures, and count it in the run, which is not saved."""
    known = {one.image_id: one for one in FileFault.objects.filter(image__in=[row.pk for row, _ in looked_at])}
    new = [(row, seen) for row, seen in looked_at if seen.fault and _is_new(known.get(row.pk), seen)]
    gone = [
        known[row.pk] for row, seen in looked_at if row.pk in known and not seen.fault and _clears(run, known[row.pk])
    ]
    returned = [one.image_id for one in gone if one.kind == Fault.MISSING and one.image_id]
    FileFault.objects.filter(pk__in=[one.pk for one in gone]).delete()
    run.back += len(returned)
    run.mended += len(gone) - len(returned)
    if new:
        write(run, new)
    note_hashes(run, looked_at)
    for number in returned:
        revive(number)


def _is_new(known: FileFault | None, seen: Seen) -> bool:
    return known is None or (known.kind, known.text) != (seen.fault, seen.text[:255])


def _clears(run: Reconciliation, known: FileFault) -> bool:
    return known.kind in CLEARED[Depth(run.depth)]


def write(run: Reconciliation, new: Sequence[tuple[Row, Seen]]) -> None:
    """Write faults of pictures that are still indexed: a purge removes rows first and files then."""
    with transaction.atomic():
        rows = Image.objects.select_for_update().filter(pk__in=[row.pk for row, _ in new]).order_by("pk")
        there = set(rows.values_list("pk", flat=True))
        for row, seen in new:
            if row.pk in there and seen.fault:
                facts = {"kind": seen.fault, "text": seen.text[:255], "image_id": row.pk}
                FileFault.objects.update_or_create(
                    path=row.path, defaults=facts | {"run": run, "found_at": timezone.now()}
                )
                run.missing += seen.fault == Fault.MISSING
                run.faulty += seen.fault != Fault.MISSING


def note_hashes(run: Reconciliation, looked_at: Sequence[tuple[Row, Seen]]) -> None:
    """Keep the hashes of pictures that have none yet."""
    new = [Image(pk=row.pk, sha256=seen.digest) for row, seen in looked_at if seen.digest and row.sha256 is None]
    if new:
        Image.objects.bulk_update(new, ["sha256"], batch_size=100)
        run.hashed += len(new)


def revive(number: int) -> None:
    """Have a picture whose file has come back looked at, where its absence was what kept it from that."""
    image = Image.objects.select_related("camera__node").filter(pk=number).first()
    if image is None:
        return
    if not image.width:
        picture, facts = look_at(environment.current().data_dir / image.path)
        Image.objects.filter(pk=number).update(**facts)
        if picture:
            make_thumbnail(picture, image)
    if failed(Image.objects.filter(pk=number)).exists():
        try:
            pipeline.restart_failed(image, later=True)
        except OperationalError as problem:  # the sweep hands it over
            log.warning("image %s waits for the broker: %s", number, problem)


def list_stranger(run: Reconciliation, path: str, text: str) -> None:
    """List a file that is not librarian's; it is never touched."""
    if FileFault.objects.filter(path=path[:255]).exists():
        return
    run.faulty += 1
    if FileFault.objects.filter(kind=Fault.STRANGER).count() < MOST_STRANGERS:
        FileFault.objects.create(path=path[:255], kind=Fault.STRANGER, text=text[:255], run=run)


def forget_strangers(run: Reconciliation, folder: str, names: Collection[str]) -> None:
    """Take those of a folder off the list that are not there any more, or are indexed now."""
    listed = FileFault.objects.filter(kind=Fault.STRANGER, path__gt=f"{folder}/", path__lt=f"{folder}0")
    indexed = Image.objects.filter(path=OuterRef("path"))
    mine = [one for one in listed.annotate(indexed=Exists(indexed)) if one.path.rpartition("/")[0] == folder]
    there = {f"{folder}/{readable(name)}"[:255] for name in names} if mine else set()
    gone = [one.pk for one in mine if one.indexed or one.path not in there]
    FileFault.objects.filter(pk__in=gone).delete()
    run.mended += len(gone)
