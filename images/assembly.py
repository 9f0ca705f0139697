"""The image of a card: its partitions made, put in their places and described."""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from images import boot, partitions
from images.layout import MIB, SECTOR, Layout
from images.partitions import Verity
from images.tools import Tools
from provisioning.card.image import DESCRIPTION, FORMAT

IMAGE, COMPRESSED = "homthu.img", "homthu.img.zst"
_NOTHING = bytes(MIB)


def assemble(
    root: Path,
    firmware: Mapping[str, bytes],
    kernel: Mapping[str, bytes],
    out: Path,
    layout: Layout,
    tools: Tools,
) -> None:
    """Write the image, its description and its compressed form into `out`.

    `root` is the folder that becomes the root file system, `firmware` the files of `bootsel` and
    `kernel` those of a boot slot, by name; what images/boot makes is added to both. An image that
    was there before stays until the new one is whole.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".assembling-") as name:
        folder = Path(name)
        verity = partitions.root(root, folder / "root_a", layout, tools)
        slot = dict(kernel) | {"slot.scr": boot.slot_script(verity.root_hash, verity.hash_offset)}
        selector = dict(firmware) | {
            "config.txt": boot.config(),
            "boot.scr": boot.boot_script(),
            "uboot.env": boot.environment(),
        }
        for place, files in (("bootsel", selector), ("boot_a", slot), ("boot_b", slot)):
            partitions.fat(files, folder / place, layout.partition(place), tools)
        partitions.data(folder / "data", layout.partition("data"), tools)
        (folder / "root_b").symlink_to("root_a")

        image = folder / IMAGE
        _join(folder, image, layout, tools)
        tools.run("zstd", "--quiet", "-T0", image, "-o", folder / COMPRESSED)
        description = json.dumps(_described(image, layout, verity), indent=1) + "\n"
        (folder / DESCRIPTION).write_text(description, "utf-8")
        (out / DESCRIPTION).unlink(missing_ok=True)
        for made in (IMAGE, COMPRESSED, DESCRIPTION):
            (folder / made).rename(out / made)


def _join(folder: Path, image: Path, layout: Layout, tools: Tools) -> None:
    with image.open("wb") as card:
        card.truncate(layout.size)
    lines = (
        f"start={part.start // SECTOR}, size={part.size // SECTOR},"
        f' type={part.type}, uuid={part.uuid}, name="{part.name}"'
        for part in layout.partitions
    )
    script = "\n".join(("label: gpt", f"label-id: {layout.disk}", "unit: sectors", *lines, ""))
    tools.run("sfdisk", "--quiet", image, feed=script)
    with image.open("r+b") as card:
        for part in layout.partitions:
            with (folder / part.name).open("rb") as content:
                for place in range(part.start, part.start + part.size, MIB):
                    piece = content.read(MIB)
                    if piece != _NOTHING[: len(piece)]:
                        card.seek(place)
                        card.write(piece)


def _described(image: Path, layout: Layout, verity: Verity) -> dict[str, object]:
    """What the card writer is told of an image: sizes and places in bytes, digests SHA-256."""
    return {
        "format": FORMAT,
        "version": layout.version,
        "size": layout.size,
        "sha256": _digest(image, 0, layout.size),
        "partitions": [
            {
                "name": part.name,
                "start": part.start,
                "size": part.size,
                "sha256": _digest(image, part.start, part.size),
            }
            for part in layout.partitions
        ],
        "verity": {"root_hash": verity.root_hash, "hash_offset": verity.hash_offset},
    }


def _digest(image: Path, start: int, size: int) -> str:
    digest = hashlib.sha256()
    with image.open("rb") as card:
        card.seek(start)
        for _ in range(0, size, MIB):
            digest.update(card.read(MIB))
    return digest.hexdigest()
