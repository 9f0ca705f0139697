"""What a card is written to: a removable disk, or a file in place of one."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kiosk.common.errors import CardError
from provisioning.card import disk
from provisioning.card.drives import Drive, choose
from provisioning.card.image import Image

DEVICES = Path("/dev")


@dataclass(frozen=True)
class Target:
    """Where to write, and how people know it."""

    path: Path
    name: str


def resolve(given: str, image: Image, drives: Callable[[], list[Drive]]) -> Target:
    """The target that somebody named.

    Raises CardError for a disk that must not be written, what is no disk, and the image itself.
    """
    path = Path(given).resolve()
    if disk.is_device(path) or DEVICES in path.parents:
        drive = choose(drives(), str(path), image.size)
        return Target(path, f"{drive.path}, {drive.size / 1e9:.1f} GB {drive.model}".rstrip())
    if path.is_dir() or not path.parent.is_dir() or (path.exists() and not path.is_file()):
        raise CardError(
            f"{path} không phải thẻ hay tệp (no card, no file)", "xem lsblk (see lsblk)"
        )
    if path == image.path.resolve():
        raise CardError(f"{path} là chính ảnh đó (is the image)", "đặt tên khác (another name)")
    return Target(path, str(path))
