"""What is on a card: which kiosk, and whether its system is the image's and its keys are sound."""

import hashlib
import json
import os
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kiosk.common.errors import CardError
from provisioning.card import ext4, identity, tools
from provisioning.card.checks import Finding
from provisioning.card.data_partition import BUNDLE, CARD, KIOSK
from provisioning.card.disk import Disk, trouble
from provisioning.card.drives import SECTOR
from provisioning.card.image import BLOCK, DATA, Advance, Blocks, Image, Partition, cut

BOOTSEL = "bootsel"
ROOTS = ("root_a", "root_b")
COUNTER = "slots.env"
"""The one file of the system that changes on a kiosk: the count of starts of `boot.cmd`."""


@dataclass(frozen=True)
class CardContents:
    """A card under examination: the disk, the path that tools open, and its partitions."""

    disk: Disk
    path: Path
    partitions: dict[str, Partition]


def read(disk: Disk, path: Path) -> CardContents:
    """The card on that disk. Raises CardError when it has no partition table of ours."""
    try:
        told = json.loads(tools.run("sfdisk", "--json", path))["partitiontable"]
    except tools.ToolFailed:
        told = {"partitions": []}
    sector = told.get("sectorsize", SECTOR)
    parts = [
        Partition(part.get("name", ""), part["start"] * sector, part["size"] * sector)
        for part in told["partitions"]
    ]
    card = CardContents(disk, path, {part.name: part for part in parts})
    if DATA not in card.partitions:
        raise CardError(
            f"{path} không phải thẻ kiosk, hoặc ghi dở (no kiosk's card, or half-written)",
            "ghi lại bằng card write (write it again)",
        )
    return card


def about(card: CardContents) -> dict[str, str]:
    """What the card says of itself: kiosk, hall, image version and hash; nothing when it cannot."""
    told = ext4.read(card.path, card.partitions[DATA].start, f"/{CARD}")
    try:
        raw = json.loads(told or b"")
    except ValueError:
        return {}
    return {key: str(value) for key, value in raw.items()} if isinstance(raw, dict) else {}


def image_findings(card: CardContents, image: Image, advance: Advance) -> Iterator[Finding]:
    """Whether each partition of the system is the image's, and each root agrees with its hash."""
    for part in image.partitions.values():
        if part.name != DATA:
            yield from _system_part(card, image, part, advance)
    same = _placed(card.partitions[DATA], image.partitions[DATA])
    yield Finding(DATA, same, "" if same else "sai chỗ (not where the image has it)")


def kiosk_findings(card: CardContents, home: Path | None) -> Iterator[Finding]:
    """Which kiosk it is, and whether its keys are sound; `home` is the authority's folder."""
    start = card.partitions[DATA].start
    told = about(card)
    if "kiosk" not in told:
        yield Finding("kiosk", False, "thẻ trắng, chưa có kiosk (no kiosk on it yet)")
        return

    def read_in_bundle(name: str) -> bytes | None:
        return ext4.read(card.path, start, f"/{BUNDLE}/{name}")

    same = _id_in(read_in_bundle(KIOSK)) == told["kiosk"]
    detail = f"{told.get('hall', '')} · {told['kiosk'][:8]}"
    yield Finding("kiosk", same, detail if same else f"{CARD} ≠ {KIOSK}")
    yield from identity.examine(read_in_bundle, told["kiosk"], datetime.now(UTC), home)


def _id_in(kiosk_toml: bytes | None) -> object:
    try:
        return tomllib.loads((kiosk_toml or b"").decode())["kiosk"]["id"]
    except (ValueError, KeyError, TypeError):
        return None


def _system_part(
    card: CardContents, image: Image, part: Partition, advance: Advance
) -> Iterator[Finding]:
    found = card.partitions.get(part.name)
    if found is None or not _placed(found, part) or found.size != part.size:
        yield Finding(part.name, False, "thiếu hoặc sai chỗ (missing or misplaced)")
        return
    with tempfile.NamedTemporaryFile(prefix="homthu-part-") as copy:
        same = _copy(_blocks(card.disk, found, advance), found, Path(copy.name)) == part.sha256
        if same or part.name != BOOTSEL:
            yield Finding(part.name, same, "" if same else "khác ảnh (not the image's)")
        else:
            yield _counted(image, part, Path(copy.name))
        if part.name in ROOTS:
            yield _verity(image, part, Path(copy.name))


def _counted(image: Image, part: Partition, copy: Path) -> Finding:
    with tempfile.NamedTemporaryFile(prefix="homthu-part-") as original:
        _copy(image.blocks(), part, Path(original.name))
        ours, theirs = _files(Path(original.name)), _files(copy)
    differing = sorted(name for name in ours | theirs if ours.get(name) != theirs.get(name))
    wrong = [name for name in differing if name != COUNTER] if ours else ["?"]
    if wrong:
        return Finding(part.name, False, f"khác ảnh (not the image's): {', '.join(wrong)}")
    return Finding(part.name, True, "đã chạy rồi (has been started)")


def _verity(image: Image, part: Partition, copy: Path) -> Finding:
    name = f"{part.name} verity"
    if not copy.stat().st_blocks:
        return Finding(name, None, "trống (empty)")
    try:
        tools.run(
            "veritysetup", "verify", f"--hash-offset={image.hash_offset}", copy, copy,
            image.root_hash,
        )  # fmt: skip
    except tools.ToolFailed as failed:
        return Finding(name, False, str(failed).partition("\n")[0])
    return Finding(name, True, image.root_hash[:16])


def _placed(found: Partition, part: Partition) -> bool:
    return found.start == part.start and found.size >= part.size


def _blocks(disk: Disk, part: Partition, advance: Advance) -> Blocks:
    end = part.start + part.size
    for offset in range(part.start, end, BLOCK):
        with trouble():
            block = disk.read(offset, min(BLOCK, end - offset))
        yield offset, block
        advance(len(block))


def _copy(blocks: Blocks, part: Partition, target: Path) -> str:
    """Copy a partition into a file, leaving holes for zeros; returns its SHA-256."""
    digest = hashlib.sha256()
    with trouble(), target.open("wb") as file:
        for block in cut(blocks, part):
            digest.update(block)
            if block == bytes(len(block)):
                file.seek(len(block), os.SEEK_CUR)
            else:
                file.write(block)
        file.truncate(part.size)
    return digest.hexdigest()


def _files(fat: Path) -> dict[str, str]:
    """SHA-256 of each file in a FAT, by its path."""
    with tempfile.TemporaryDirectory(prefix="homthu-fat-") as folder:
        try:
            tools.run("mcopy", "-s", "-n", "-Q", "-i", fat, "::/", folder)
        except tools.ToolFailed:
            return {}
        return {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in Path(folder).rglob("*")
            if path.is_file()
        }
