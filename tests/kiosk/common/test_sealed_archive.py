"""An archive gives back what was packed, and nothing that lies outside or is no plain file."""

import io
import os
import tarfile
from pathlib import Path

import pytest
from rich.progress import Progress

from kiosk.common import sealed_archive
from kiosk.common.errors import BackupError
from kiosk.common.sealed_file import SealingWriter

pytestmark = pytest.mark.fresh
SECRET = "ba hòn đá bên suối"
QUIET = Progress(disable=True)
FILE, LINK, HARD, DEVICE = tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE
FOLDER, PIPE = tarfile.DIRTYPE, tarfile.FIFOTYPE


def test_files_come_back_with_their_modes_and_times(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_bytes(os.urandom(200_000))
    second.write_bytes(b"")
    for path, mode, at in ((first, 0o600, 1_700_000_000), (second, 0o755, 1_600_000_000)):
        path.chmod(mode)
        os.utime(path, (at, at))
    members = {"a/" + "đ" * 80 + "/b": first, "c": second}
    sealed_archive.pack(members, tmp_path / "archive", SECRET, QUIET)
    target = tmp_path / "opened"
    sealed_archive.unpack(tmp_path / "archive", target, SECRET, QUIET)
    assert {str(p.relative_to(target)) for p in target.rglob("*") if p.is_file()} == {*members}
    for name, path in members.items():
        opened, packed = (target / name).stat(), path.stat()
        assert (target / name).read_bytes() == path.read_bytes()
        assert (opened.st_mode, opened.st_mtime) == (packed.st_mode, packed.st_mtime)


def test_no_mode_lets_others_write_or_changes_the_user(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, entry("program", mode=0o7777), entry("locked", mode=0))
    sealed_archive.unpack(archive, tmp_path / "opened", SECRET, QUIET)
    modes = {p.name: p.stat().st_mode & 0o7777 for p in (tmp_path / "opened").iterdir()}
    assert modes == {"program": 0o755, "locked": 0o600}


@pytest.mark.parametrize(
    "names",
    [
        ["../outside"],
        ["a/../../outside"],
        ["/outside"],
        ["."],
        ["đ\0b"],
        ["same", "same"],
        ["a", "a/b"],
        ["a/b", "a"],
    ],
)
def test_a_name_that_leaves_the_folder_or_comes_twice_is_refused(
    tmp_path: Path, names: list[str]
) -> None:
    archive = archive_of(tmp_path, *map(entry, names))
    with pytest.raises(BackupError):
        sealed_archive.unpack(archive, tmp_path / "opened", SECRET, QUIET)
    assert not (tmp_path / "outside").exists()
    assert not Path("/outside").exists()


@pytest.mark.parametrize("kind", [LINK, HARD, DEVICE, FOLDER, PIPE])
def test_what_is_no_plain_file_is_refused(tmp_path: Path, kind: bytes) -> None:
    archive = archive_of(tmp_path, entry("target"), entry("odd", kind=kind, target="target"))
    with pytest.raises(BackupError):
        sealed_archive.unpack(archive, tmp_path / "opened", SECRET, QUIET)
    assert not os.path.lexists(tmp_path / "opened" / "odd")


@pytest.mark.parametrize("cut", [100, 512 + 1000])
def test_a_sealed_file_that_holds_no_whole_archive_is_refused(tmp_path: Path, cut: int) -> None:
    archive = sealed(tmp_path, tar_of(entry("long", content=b"x" * 5000))[:cut])
    with pytest.raises(BackupError):
        sealed_archive.unpack(archive, tmp_path / "opened", SECRET, QUIET)


Entry = tuple[tarfile.TarInfo, bytes]


def entry(
    name: str, *, kind: bytes = FILE, mode: int = 0o644, target: str = "", content: bytes = b""
) -> Entry:
    member = tarfile.TarInfo(name)
    member.type, member.mode, member.linkname = kind, mode, target
    member.size = len(content)
    return member, content


def tar_of(*entries: Entry) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for member, content in entries:
            tar.addfile(member, io.BytesIO(content))
    return written.getvalue()


def archive_of(folder: Path, *entries: Entry) -> Path:
    return sealed(folder, tar_of(*entries))


def sealed(folder: Path, content: bytes) -> Path:
    path = folder / "archive"
    with path.open("wb") as file:
        writer = SealingWriter(file, SECRET)
        writer.write(content)
        writer.finish()
    return path
