"""Files of ours removed, and nothing else: no link is followed, also none that is put in place at that very moment.

Each folder on the way is opened by its name within the one before, refusing links (openat with O_NOFOLLOW); a file is
then removed by its name within the folder that is open, wherever that name leads meanwhile.
"""

from __future__ import annotations

import logging
import os
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

KINDS = ("images", "thumbnails", "previews")
"""The folders of DATA_DIR that hold pictures; each may itself be a link, to a disk of its own."""
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC

log = logging.getLogger(__name__)


def remove_pictures(root: Path, paths: Iterable[str]) -> int:
    """Remove pictures and their smaller copies by the pictures' paths relative to `root`; how many files went.

    What is not there is gone already. What cannot be removed, or would be reached through a link, is logged and left.
    """
    by_folder: dict[PurePosixPath, list[str]] = defaultdict(list)
    for path in paths:
        kind, *rest = PurePosixPath(path).parts or ("",)
        if kind != KINDS[0] or not rest or ".." in rest:
            log.error("%r is no path of a picture and is not removed", path)
            continue
        for one in KINDS:
            by_folder[PurePosixPath(one, *rest[:-1])].append(rest[-1])
    return sum(_remove_in(root, folder, names) for folder, names in by_folder.items())


def _remove_in(root: Path, folder: PurePosixPath, names: list[str]) -> int:
    try:
        with opened(root, folder) as descriptor:
            return sum(_remove_one(descriptor, name, root / folder / name) for name in names)
    except FileNotFoundError:
        return 0
    except OSError as problem:
        log.error("%s leads out of the folder of images or cannot be read; nothing is removed: %s", folder, problem)
        return 0


@contextmanager
def opened(root: Path, folder: PurePosixPath) -> Iterator[int]:
    """A descriptor of a folder below one of `KINDS`. Raises `OSError` where a link or no folder is on the way."""
    kind, *inner = folder.parts
    descriptor = os.open(root / kind, FOLDER)
    try:
        for name in inner:
            within = os.open(name, FOLDER | os.O_NOFOLLOW, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = within
        yield descriptor
    finally:
        os.close(descriptor)


def _remove_one(folder: int, name: str, shown: Path) -> bool:
    try:
        if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            log.error("%s is a link and is not removed", shown)
            return False
        os.unlink(name, dir_fd=folder)
    except FileNotFoundError:
        return False
    except OSError as problem:
        log.error("%s cannot be removed: %s", shown, problem)
        return False
    return True
