"""The card that a file lies on: whether it can be written, before anybody relies on it."""

import os
from pathlib import Path

from kiosk.common.errors import OutboxError

SPARE = 1 << 20
"""Bytes that must be free: the log of the largest report, twice."""


def is_read_only(path: Path) -> bool:
    """Whether the file system of `path` takes no writes, as after an error (`remount-ro`)."""
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def identity(path: Path) -> tuple[int, int] | None:
    """What tells this file from another of its name; None when there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def check_room(path: Path) -> None:
    """Raises OutboxError when the card is gone, read-only or full."""
    try:
        card = os.statvfs(path)
    except OSError as error:
        raise OutboxError("the outbox is gone", "change the card") from error
    if card.f_flag & os.ST_RDONLY:
        raise OutboxError("the card has become read-only", "change the card")
    if card.f_bavail * card.f_frsize < SPARE:
        raise OutboxError("the card is full", "change the card")
