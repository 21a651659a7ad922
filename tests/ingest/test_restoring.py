"""What a backup's archive may write, and where."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from environment import EnvironmentProblem
from ingest.backup.restoring import unpack


def archive_of(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarFile:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.type, member.size, member.linkname = kind, 3 if kind == tarfile.REGTYPE else 0, "/etc/passwd"
        archive.addfile(member, io.BytesIO(b"key"))
    packed.seek(0)
    return tarfile.open(fileobj=packed)


def test_a_file_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    with archive_of("curve/server.key") as archive:
        unpack(archive, archive.getmembers()[0], tmp_path / "curve/server.key", tmp_path)
    written = tmp_path / "curve/server.key"
    assert (written.read_bytes(), written.stat().st_mode & 0o777) == (b"key", 0o600)


@pytest.mark.parametrize("name", ["../outside", "a/../../outside"])
def test_nothing_is_written_outside(tmp_path: Path, name: str) -> None:
    root = tmp_path / "data"
    root.mkdir()
    with archive_of(name) as archive, pytest.raises(EnvironmentProblem, match="leads out of"):
        unpack(archive, archive.getmembers()[0], root / name, root)
    assert not (tmp_path / "outside").exists()


def test_links_are_not_made(tmp_path: Path) -> None:
    with archive_of("secret_key", tarfile.SYMTYPE) as archive:
        unpack(archive, archive.getmembers()[0], tmp_path / "secret_key", tmp_path)
    assert not list(tmp_path.iterdir())
