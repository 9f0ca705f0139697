"""The disks of this computer, and which of them may be written as a card."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.common.errors import CardError
from provisioning.card import tools

COLUMNS = "PATH,NAME,TYPE,SIZE,MODEL,RM,RO,MOUNTPOINTS,LOG-SEC"
SECTOR = 512
SYSTEM = {"/", "/boot", "/boot/efi", "/home", "/usr", "/var", "[SWAP]"}


@dataclass(frozen=True)
class Drive:
    """A whole disk; `size` in bytes, `sector` its logical one, `mounted` where its parts are."""

    path: str
    size: int
    model: str
    removable: bool
    read_only: bool
    sector: int
    mounted: tuple[str, ...]
    parts: tuple[str, ...]


def listed() -> list[Drive]:
    """The disks that the kernel knows of."""
    return parse(tools.run("lsblk", "--json", "--bytes", "--output", COLUMNS), _sd_cards())


def parse(lsblk: bytes, sd_cards: Collection[str]) -> list[Drive]:
    """The disks in what `lsblk --json` tells.

    `sd_cards` are the names of those that are SD cards in a reader of their own: the kernel calls
    them fixed, as it does the soldered memory of the same kind.
    """
    found = json.loads(lsblk)["blockdevices"]
    return [_drive(raw, raw["name"] in sd_cards) for raw in found if raw["type"] == "disk"]


def refusal(drive: Drive, needed: int) -> tuple[str, str] | None:
    """Why `needed` bytes must not be written to a disk, and the cure; None when they may."""
    if SYSTEM & {*drive.mounted}:
        return "đĩa của hệ thống (this computer's own disk)", "chọn thẻ khác (name a card)"
    if not drive.removable:
        return "đĩa cố định (not removable)", "chọn thẻ khác (name a card)"
    if drive.mounted:
        where = ", ".join(drive.mounted)
        return f"đang mở ở {where} (mounted)", f"umount {' '.join(drive.parts) or drive.path}"
    if not drive.size:
        return "đầu đọc trống (no card in the reader)", "cắm thẻ vào (put a card in)"
    if drive.read_only:
        return "bị khóa ghi (write-protected)", "gạt khóa bên cạnh thẻ (slide its lock)"
    if drive.sector != SECTOR:
        return f"sector {drive.sector} byte (not {SECTOR})", "dùng thẻ khác (use another card)"
    if drive.size < needed:
        return f"nhỏ quá, cần {needed} byte (too small)", "dùng thẻ lớn hơn (use a larger card)"
    return None


def choose(drives: list[Drive], path: str, needed: int) -> Drive:
    """The disk at `path`. Raises CardError when it is none or must not be written."""
    for drive in drives:
        if path in drive.parts:
            raise CardError(f"{path} chỉ là một phần (a partition)", f"{drive.path}")
        if path == drive.path:
            refused = refusal(drive, needed)
            if refused:
                raise CardError(f"{path}: {refused[0]}", refused[1])
            return drive
    raise CardError(
        f"{path} không phải ổ thẻ (not a disk)", "cắm thẻ vào rồi xem lsblk (see lsblk)"
    )


def _drive(raw: dict[str, Any], sd_card: bool) -> Drive:
    return Drive(
        path=raw["path"],
        size=raw["size"],
        model=(raw["model"] or "").strip(),
        removable=raw["rm"] or sd_card,
        read_only=raw["ro"],
        sector=raw["log-sec"],
        mounted=tuple(point for one in _family(raw) for point in one["mountpoints"] if point),
        parts=tuple(child["path"] for child in _family(raw) if child is not raw),
    )


def _family(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield raw
    for child in raw.get("children", []):
        yield from _family(child)


def _sd_cards() -> set[str]:
    """Source: Documentation/ABI/testing/sysfs-bus-mmc, `type` is "SD" or "MMC"."""
    kinds = Path("/sys/block").glob("mmcblk*/device/type")
    return {kind.parent.parent.name for kind in kinds if kind.read_text().strip() == "SD"}
