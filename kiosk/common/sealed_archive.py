"""Files of many names as one sealed file: a tar stream under `kiosk.common.sealed_file`."""

import os
import shutil
import tarfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from rich.progress import Progress

from kiosk.common import files
from kiosk.common.errors import BackupError
from kiosk.common.sealed_file import CHUNK, OpeningReader, SealingWriter


def pack(members: Mapping[str, Path], target: Path, secret: str, progress: Progress) -> None:
    """Seal the files, each under its name, into `target` and read it back before it counts.

    An earlier `target` stays as it was unless all goes well. Raises OSError for a full disk.
    """
    with files.drafted(target, files.PRIVATE) as sealed:
        _write(members, sealed, secret, progress)
        sealed.seek(0)
        _read_to_the_end(OpeningReader(sealed, secret))


def unpack(archive: Path, folder: Path, secret: str, progress: Progress) -> None:
    """Open all of `archive` into `folder`.

    Raises BackupError when it is damaged, not whole, sealed under another passphrase, or holds
    anything but files with names below `folder`; then `folder` holds a part of it, which must not
    be used.
    """
    with archive.open("rb") as sealed:
        size = os.fstat(sealed.fileno()).st_size
        watched = progress.wrap_file(sealed, total=size, description="Khôi phục / restore")
        reader = OpeningReader(watched, secret)
        try:
            with tarfile.open(fileobj=reader, mode="r|") as tar:
                for member in tar:
                    _extract(tar, member, folder)
        except tarfile.TarError as error:
            raise _refused(error) from error
        _read_to_the_end(reader)


def _write(members: Mapping[str, Path], sealed: BinaryIO, secret: str, progress: Progress) -> None:
    total = sum(path.stat().st_size for path in members.values())
    task = progress.add_task("Sao lưu / backup", total=total)
    writer = SealingWriter(sealed, secret)
    with tarfile.open(fileobj=writer, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for name, path in members.items():
            with path.open("rb") as content:
                member = tar.gettarinfo(arcname=name, fileobj=content)
                member.uid = member.gid = 0
                member.uname = member.gname = ""
                tar.addfile(member, progress.wrap_file(content, task_id=task))
    writer.finish()


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one plain file of the archive below `folder`; refuse anything else.

    `TarFile.extractall(filter="data")` does the same, but Debian 12's Python 3.11.2 has no filters.
    """
    name = PurePosixPath(member.name)
    content = tar.extractfile(member) if member.isreg() else None
    if content is None or not _is_below(name):
        raise _refused(member.name)
    try:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            os.fchmod(file.fileno(), member.mode & 0o755 | files.PRIVATE)
            shutil.copyfileobj(content, file)
        os.utime(target, (member.mtime, member.mtime))
    except (FileExistsError, NotADirectoryError) as error:
        raise _refused(member.name) from error


def _is_below(name: PurePosixPath) -> bool:
    plain = name.parts and ".." not in name.parts and "\0" not in str(name)
    return bool(plain) and not name.is_absolute()


def _refused(what: object) -> BackupError:
    return BackupError(
        f"bản sao lưu có phần lạ / the backup holds what no backup holds: {what!r}",
        "chọn tệp do lệnh backup tạo / take a file that the command backup made",
    )


def _read_to_the_end(reader: OpeningReader) -> None:
    while reader.read(CHUNK):
        pass
