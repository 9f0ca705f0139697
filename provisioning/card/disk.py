"""The port to what is written like a card: a whole device, or a file in its place."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from kiosk.common.errors import CardError

GONE = {errno.EIO, errno.ENXIO, errno.ENODEV, errno.ENOENT, errno.ENOMEDIUM}
_FULL = ("đĩa đầy (no space left)", "dọn bớt rồi chạy lại (make room, run it again)")
CURES = {
    errno.EACCES: ("không được phép (not permitted)", "chạy lại với sudo (run it with sudo)"),
    errno.EBUSY: ("thẻ đang được dùng (in use)", "umount rồi chạy lại (unmount it, run it again)"),
    errno.EROFS: ("thẻ bị khóa ghi (write-protected)", "gạt khóa bên cạnh thẻ (slide its lock)"),
    errno.ENOSPC: _FULL,
    errno.EPIPE: _FULL,
}  # fmt: skip


class Disk(Protocol):
    """A place of `size` bytes. Every method may raise OSError, as when a card is pulled."""

    size: int

    def read(self, offset: int, length: int) -> bytes:
        """The bytes there; fewer at the end."""

    def write(self, offset: int, data: bytes) -> None:
        """Put bytes there, maybe not durably yet."""

    def sync(self) -> None:
        """Return when everything that was written is on the medium."""

    def forget(self) -> None:
        """Sync, and have what is read from now on come from the medium, not from memory."""


class OpenDisk:
    """A disk by its file descriptor."""

    def __init__(self, handle: int, size: int) -> None:
        self.size = size
        self._handle = handle

    def read(self, offset: int, length: int) -> bytes:
        """See Disk."""
        parts = []
        while length and (part := os.pread(self._handle, length, offset)):
            parts.append(part)
            offset, length = offset + len(part), length - len(part)
        return b"".join(parts)

    def write(self, offset: int, data: bytes) -> None:
        """See Disk."""
        rest = memoryview(data)
        while rest:
            written = os.pwrite(self._handle, rest, offset)
            offset, rest = offset + written, rest[written:]

    def sync(self) -> None:
        """See Disk."""
        os.fdatasync(self._handle)

    def forget(self) -> None:
        """See Disk. Clean pages alone can be dropped, hence the sync before."""
        os.fdatasync(self._handle)
        os.posix_fadvise(self._handle, 0, 0, os.POSIX_FADV_DONTNEED)


@contextmanager
def opened(path: Path, size: int | None = None) -> Iterator[OpenDisk]:
    """The device or file at `path`: to be read, or written when a `size` in bytes is given.

    A file is made, or cut, to that size. The kernel keeps everybody else from mounting a device
    that is open for writing (O_EXCL, open(2)).
    """
    device = is_device(path)
    flags = os.O_RDONLY if size is None else os.O_RDWR | (os.O_EXCL if device else os.O_CREAT)
    with trouble():
        handle = os.open(path, flags | os.O_CLOEXEC, 0o600)
    try:
        with trouble():
            if size is not None and not device:
                os.ftruncate(handle, size)
            whole = os.lseek(handle, 0, os.SEEK_END)
        yield OpenDisk(handle, whole)
    finally:
        os.close(handle)


def is_device(path: Path) -> bool:
    """Whether a block device is there."""
    try:
        return stat.S_ISBLK(path.stat().st_mode)
    except OSError:
        return False


@contextmanager
def trouble() -> Iterator[None]:
    """Turn the errors of a disk into words and a cure. Raises CardError."""
    try:
        yield
    except OSError as error:
        if error.errno in GONE:
            raise CardError(
                "thẻ đã bị rút hoặc hỏng (the card was pulled or is broken)",
                "cắm lại rồi chạy lại lệnh này, nó ghi tiếp (put it back and run this again: "
                "it goes on); vẫn lỗi thì thay thẻ (else change the card)",
            ) from None
        what, cure = CURES.get(error.errno or 0, (f"thẻ báo lỗi (card error): {error}", ""))
        raise CardError(what, cure) from None
