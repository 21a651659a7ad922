"""A picture's file from its first byte to its name, which it gets only once all of it is on disk.

Where the file system has files without a name (O_TMPFILE of open(2): ext4, XFS, Btrfs and others), an interrupted
picture leaves no trace. Elsewhere (FAT, NFS and others) it has a hidden name meanwhile.
"""

from __future__ import annotations

import errno
import logging
import os
import weakref
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from receiver.messages import Payload

log = logging.getLogger("receiver")
PART = ".part"
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
UNNAMED = os.O_TMPFILE | os.O_WRONLY | os.O_SYNC | os.O_CLOEXEC
CREATE = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
MODE = 0o644
NOT_NOW = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
"""What says nothing of whether the file system has files without a name; for that there is no one error."""


class Folder:
    """A folder, open for as long as somebody refers to it; raises OSError."""

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, path.name
        self.descriptor = os.open(path, FOLDER)
        weakref.finalize(self, os.close, self.descriptor)

    def is_gone(self) -> bool:
        """Whether somebody deleted or renamed it."""
        try:
            return not os.path.samestat(self.path.stat(), os.fstat(self.descriptor))
        except FileNotFoundError:
            return True

    def sync(self) -> None:
        """Have the names in it on disk; raises OSError."""
        os.fsync(self.descriptor)

    def remove(self, name: str) -> None:
        """Delete a file, if it is there; raises OSError."""
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self.descriptor)


class Written(ABC):
    """A file that is to get the first of `names` that nothing holds; it has to be committed or discarded."""

    def __init__(self, folder: Folder, names: Iterator[str]) -> None:
        """Raises OSError."""
        self.folder, self.names = folder, names
        self.name: str | None = None
        """Its name in the folder, once it has it."""
        self.bytes = 0
        self.descriptor = self.open()

    @abstractmethod
    def open(self) -> int:
        """The descriptor of a new file that does not have its name yet."""

    @abstractmethod
    def give_name(self) -> str:
        """Give it the first free name."""

    def fill(self, data: Payload) -> None:
        """Have all of its bytes on disk; raises OSError. In any thread."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self.descriptor, rest) :]
        self.bytes = len(data)
        self.sync()

    def sync(self) -> None:
        """Have on disk what was written; raises OSError."""
        os.fsync(self.descriptor)

    def commit(self) -> None:
        """Give it its name, now that its bytes are on disk; raises OSError. The name is, once its folder is synced."""
        self.name = self.give_name()
        os.close(self.descriptor)

    def discard(self) -> None:
        """Take it back, whether it was committed or not; raises OSError."""
        if self.name is None:
            os.close(self.descriptor)
        else:
            self.folder.remove(self.name)


class Unnamed(Written):
    """A file that has no name while it is written."""

    def open(self) -> int:
        """Open it in its folder."""
        return os.open(".", UNNAMED, MODE, dir_fd=self.folder.descriptor)

    def sync(self) -> None:
        """Every write has waited for the disk, by O_SYNC, which saves a call."""

    def give_name(self) -> str:
        """Link it there."""
        source = f"/proc/self/fd/{self.descriptor}"
        for name in self.names:
            with suppress(FileExistsError):
                os.link(source, name, dst_dir_fd=self.folder.descriptor, follow_symlinks=True)
                return name
        raise FileExistsError("every name is taken")


class Hidden(Written):
    """A file that has a hidden name while it is written. Whoever holds that alone may take the name it stands for."""

    def open(self) -> int:
        """Open the first hidden file that nobody holds, whose name is free."""
        for name in self.names:
            self._wanted = name
            with suppress(FileExistsError):
                descriptor = os.open(self._part, CREATE, MODE, dir_fd=self.folder.descriptor)
                if self._is_free():
                    return descriptor
                os.close(descriptor)
                self.folder.remove(self._part)
        raise FileExistsError("every name is taken")

    def give_name(self) -> str:
        """Rename it."""
        folder = self.folder.descriptor
        os.rename(self._part, self._wanted, src_dir_fd=folder, dst_dir_fd=folder)
        return self._wanted

    def discard(self) -> None:
        """Take it back, whether it was committed or not; raises OSError."""
        super().discard()
        if self.name is None:  # else the hidden name may be another receiver's by now
            self.folder.remove(self._part)

    @property
    def _part(self) -> str:
        return f".{self._wanted}{PART}"

    def _is_free(self) -> bool:
        try:
            os.lstat(self._wanted, dir_fd=self.folder.descriptor)
        except FileNotFoundError:
            return True
        except OSError:
            log.warning("it cannot be told whether %s is taken; the next name is tried", self._wanted)
        return False


def kind_for(path: Path) -> type[Written]:
    """What the file system of a folder can do, found out by doing it; raises OSError where nothing can be written."""
    folder, names = Folder(path), (f".probe-{os.getpid()}-{number}" for number in range(100))
    try:
        probe = Unnamed(folder, names)
        try:
            probe.commit()
        finally:
            probe.discard()
    except OSError as problem:
        return Unnamed if problem.errno in NOT_NOW else Hidden
    return Unnamed
