"""A run from its beginning, or from where it was stopped, to its end: a batch at a time."""

from __future__ import annotations

import fcntl
import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Max, Min
from django.utils import timezone

import environment
from cameras.models import Depth, Fault, FileFault, Image, Reconciliation, ReconciliationState
from ingest.reconcile import belonging, faults, taking, walking
from ingest.reconcile.looking import Row, look

log = logging.getLogger(__name__)

MOST_MISSING = 0.5
"""The share of the library that may be found missing in one run before that is taken for a folder that is not there."""
DOUBT = 0.15
"""So much more has to be missing of a sample of a library before it stands for the whole."""
SAMPLES, SAMPLE = 40, 10
"""So many places of the index, and so many neighbouring pictures at each."""
OLD = timedelta(days=7)
"""A run that was stopped longer ago is not gone on with."""
KEPT = 100
"""Runs that are remembered."""
UNFINISHED = (ReconciliationState.RUNNING, ReconciliationState.STOPPED)


class Busy(Exception):
    """Another run goes on."""


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lock of runs, which the kernel lets go of however the process ends; raises `Busy`."""
    with (environment.current().run_dir / "reconcile.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy("The folder of images is being compared already.") from None
        yield


def begin(depth: Depth = Depth.NAMES, *, by_hand: bool = False, anew: bool = False) -> Reconciliation:
    """The run of that depth that was stopped, or a new one. Within `alone`."""
    mine = Reconciliation.objects.filter(depth=depth, by_hand=by_hand, state__in=UNFINISHED)
    left = mine.filter(worked_at__gt=timezone.now() - OLD).first()
    if left and not anew:
        return left
    mine.delete()
    old = list(Reconciliation.objects.values_list("pk", flat=True)[KEPT:])
    Reconciliation.objects.filter(pk__in=old).delete()
    known = FileFault.objects.filter(kind=Fault.MISSING).count()
    return Reconciliation.objects.create(depth=depth, by_hand=by_hand, total=Image.objects.count(), known_missing=known)


def work(run: Reconciliation, *, accept: bool = False) -> Iterator[None]:
    """Compare, a batch at each step, after any of which it can be left and gone on with; the run says how it stands.

    `accept`: a person says that the folder is the right one, and that what is missing is missing.
    """
    why = "" if accept else belonging.problem() or sampled(run)
    if why:
        refuse(run, why)
        return
    belonging.accept()
    run.state = ReconciliationState.RUNNING
    if not run.place:
        taking.republish(run)
    for folder in walking.folders(run.place):
        for _ in compare(run, folder):
            why = "" if accept else belonging.problem() or too_many(run)
            if why:
                refuse(run, why)
                return
            run.save()
            yield
    run.state = ReconciliationState.DONE
    run.save()
    log.info("compared %d pictures: %d missing, %d faulty, %d registered", *_told(run))


def _told(run: Reconciliation) -> tuple[int, int, int, int]:
    return run.rows, run.missing, run.faulty, run.registered


def compare(run: Reconciliation, folder: str) -> Iterator[None]:
    """Compare one folder, rows first and then the files that no row names."""
    root, depth = environment.current().data_dir, Depth(run.depth)
    try:
        names = walking.names(folder)
    except OSError as problem:
        log.error("%s cannot be compared: %s", folder, problem)
        run.text, run.place = f"{folder} cannot be compared: {problem.strerror}."[:500], f"{folder}/"
        return
    left = set(names)
    for batch in walking.rows(folder, run.place):
        looked_at = []
        for row in batch:
            name = row.path.rpartition("/")[2]
            looked_at.append((row, look(row, root, depth, name in names)))
            left.discard(name)
        faults.note(run, looked_at)
        run.rows += len(batch)
        run.place = batch[-1].path if batch else run.place
        yield
    run.place = f"{folder}/{walking.BEHIND_ALL}"
    for _ in taking.take_in(folder, left, run):
        yield
    run.files += len(names)
    run.place, run.file = f"{folder}/", ""
    yield


def sampled(run: Reconciliation) -> str:
    """Why nothing is compared, where most of some pictures from all over the index have no file; else empty."""
    rows = Image.objects.exclude(file_fault__kind=Fault.MISSING).order_by("pk")
    ends = rows.order_by().aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return ""
    whole = run.total <= SAMPLES * SAMPLE
    places = [random.randint(ends["first"], ends["last"]) for _ in range(SAMPLES)]  # noqa: S311  no secret
    found: dict[int, str] = dict(rows.values_list("pk", "path")) if whole else {}
    for place in [] if whole else places:
        found |= dict(rows.filter(pk__gte=place).values_list("pk", "path")[:SAMPLE])
    gone = [path for path in found.values() if _is_gone(path)]
    limit = MOST_MISSING if whole else MOST_MISSING + DOUBT
    return _suspicious(len(gone), len(found), min(gone)) if gone and len(gone) >= limit * len(found) else ""


def _is_gone(path: str) -> bool:
    return look(Row(0, path, 0, None), environment.current().data_dir, Depth.NAMES, listed=False).fault == Fault.MISSING


def too_many(run: Reconciliation) -> str:
    """Why the run must not go on, where half of the library was found missing; else empty."""
    present = run.total - run.known_missing
    if run.missing and run.missing >= MOST_MISSING * present:
        newest = FileFault.objects.filter(run=run, kind=Fault.MISSING).first()
        return _suspicious(run.missing, present, newest.path if newest else "")
    return ""


def _suspicious(gone: int, of: int, example: str) -> str:
    return (
        f"{gone:,} of {of:,} pictures have no file, such as {example}: is the disk of "
        f"{environment.current().images_dir} mounted? Nothing was marked. {belonging.MEND}"
    )


def refuse(run: Reconciliation, why: str) -> None:
    """End a run without a trace but its reason."""
    FileFault.objects.filter(run=run, kind=Fault.MISSING).delete()
    run.state, run.text, run.missing = ReconciliationState.REFUSED, why[:500], 0
    run.save()
    log.error("the folder of images is not compared: %s", why)
