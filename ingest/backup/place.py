"""The folder of a backup: pictures once, and one snapshot of all else for each time that a backup was made."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from environment import EnvironmentProblem

MARK = "librarian-backup.json"
FORMAT = 1
NAME = re.compile(r"\d{8}T\d{6}Z")
LINE = re.compile(r"^([0-9a-f]{64})  (\d+) (.+)$")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One finished snapshot."""

    folder: Path

    @property
    def name(self) -> str:
        """When it was made, in UTC: 20261123T170600Z."""
        return self.folder.name

    def facts(self) -> dict[str, Any]:
        """What `snapshot.json` says: database, counts, version."""
        found: dict[str, Any] = json.loads((self.folder / "snapshot.json").read_text())
        return found

    def check(self) -> None:
        """Read all that is compressed to its end; raises `EnvironmentProblem` where it is damaged."""
        for file in self.folder.glob("*.gz"):
            try:
                with gzip.open(file) as reader:
                    while reader.read(1 << 20):
                        pass
            except (OSError, EOFError, zlib.error) as problem:
                raise EnvironmentProblem(f"{file} is damaged ({problem}): make another backup.") from None

    def files(self) -> Iterator[str]:
        """The paths of its pictures and thumbnails, relative to DATA_DIR."""
        with gzip.open(self.folder / "files.txt.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                yield line.rstrip("\n")


class Place:
    """A folder that holds backups of one site."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.snapshots_dir = folder / "snapshots"

    def make(self) -> None:
        """Make it; raises `EnvironmentProblem` where it holds something else already."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not (self.folder / MARK).exists():
                if any(self.folder.iterdir()):
                    raise EnvironmentProblem(f"{self.folder} holds other files: give a folder of the backup's own.")
                (self.folder / MARK).write_text(json.dumps({"format": FORMAT}))
            self.snapshots_dir.mkdir(exist_ok=True)
        except OSError as problem:
            raise EnvironmentProblem(f"{self.folder} cannot be written: {problem.strerror}.") from None

    def check(self) -> None:
        """Raise `EnvironmentProblem` where this is no backup that this version can read."""
        try:
            found = json.loads((self.folder / MARK).read_text()).get("format")
        except (OSError, ValueError):
            raise EnvironmentProblem(f"{self.folder} is no backup of librarian: it has no {MARK}.") from None
        if found != FORMAT:
            raise EnvironmentProblem(f"{self.folder} has format {found}; this version reads {FORMAT}.")

    def snapshots(self) -> list[Snapshot]:
        """The finished snapshots, oldest first."""
        found = (one for one in self.snapshots_dir.iterdir() if NAME.fullmatch(one.name))
        return sorted((Snapshot(one) for one in found), key=lambda one: one.name)

    def snapshot(self, name: str = "") -> Snapshot:
        """The one of that name, or the latest; raises `EnvironmentProblem` where there is none."""
        found = [one for one in self.snapshots() if not name or one.name == name]
        if not found:
            raise EnvironmentProblem(f"{self.folder} has no {f'snapshot {name}' if name else 'finished snapshot'}.")
        return found[-1]

    def unfinished(self) -> Path:
        """A folder for a snapshot that is being made; what an earlier one left is removed by `prune`."""
        folder = self.snapshots_dir / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.part"
        folder.mkdir(mode=0o700)
        return folder

    def hashes(self, day: str) -> dict[str, tuple[str, int]]:
        """SHA-256 and bytes of the files of a day that were copied whole, by their paths; the later line counts."""
        file = self.hash_file(day)
        if not file.exists():
            return {}
        with file.open(encoding="utf-8") as lines:  # a line that was cut off by a power cut does not match
            return {found[3]: (found[1], int(found[2])) for found in map(LINE.match, lines) if found}

    def forget(self, day: str, paths: Collection[str]) -> None:
        """Take the hashes of these paths away: what has none counts as not copied."""
        kept = [f"{one}  {size} {path}\n" for path, (one, size) in self.hashes(day).items() if path not in paths]
        part = self.hash_file(day).with_suffix(".part")
        part.write_text("".join(kept), encoding="utf-8")
        part.rename(self.hash_file(day))

    def hash_file(self, day: str) -> Path:
        """Where the hashes of one folder are kept, such as `images/2026-11-23`."""
        return self.folder / "hashes" / f"{day}.txt"

    def hashed_days(self) -> list[str]:
        """The folders of which anything was copied."""
        root = self.folder / "hashes"
        return sorted(str(file.relative_to(root).with_suffix("")) for file in root.glob("*/*.txt"))
