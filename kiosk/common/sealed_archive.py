"""Files of many names as one sealed file: a tar stream under `kiosk.common.sealed_file`."""

import os
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from rich.progress import Progress

from kiosk.common import files
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

    Raises BackupError when it is damaged, not whole or sealed under another passphrase; then
    `folder` holds a part of it, which must not be used.
    """
    with archive.open("rb") as sealed:
        size = os.fstat(sealed.fileno()).st_size
        watched = progress.wrap_file(sealed, total=size, description="Khôi phục / restore")
        reader = OpeningReader(watched, secret)
        with tarfile.open(fileobj=reader, mode="r|") as tar:
            tar.extractall(folder, filter="data")
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


def _read_to_the_end(reader: OpeningReader) -> None:
    while reader.read(CHUNK):
        pass
