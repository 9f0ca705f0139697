"""A whole image of a few megabytes, made with the tools that make the real one."""

import hashlib
import json
import os
import re
import subprocess
from pathlib import Path

from provisioning.card.verify import COUNTER

MB = 1 << 20
VERSION = "2026.11.0"
SIZES = {"bootsel": 2, "boot_a": 2, "boot_b": 2, "root_a": 3, "root_b": 3, "data": 20}
FIRST = MB
ENVIRONMENT = bytes(4096)


def build(folder: Path) -> Path:
    """`tiny.img` and `image.json` in `folder`; returns the image."""
    image = folder / "tiny.img"
    size = FIRST + sum(SIZES.values()) * MB + MB
    image.touch()
    os.truncate(image, size)
    script = ["label: gpt", "unit: sectors", f"first-lba: {FIRST // 512}"]
    script += [f'size={mb * MB // 512}, name="{name}"' for name, mb in SIZES.items()]
    _run("sfdisk", "-q", image, stdin="\n".join(script))
    root, root_hash, hash_offset = _root(folder)
    boot = _fat(folder / "boot.fat", {"vmlinuz": b"kernel" * 999, "slot.scr": root_hash.encode()})
    contents = {
        "bootsel": _fat(folder / "bootsel.fat", {"config.txt": b"x", "uboot.env": ENVIRONMENT}),
        "boot_a": boot,
        "boot_b": boot,
        "root_a": root,
        "root_b": bytes(SIZES["root_b"] * MB),
        "data": _data(folder),
    }
    with image.open("r+b") as file:
        for name, start in starts().items():
            file.seek(start)
            file.write(contents[name])
    described = {
        "format": 1,
        "version": VERSION,
        "size": size,
        "sha256": hashlib.sha256(image.read_bytes()).hexdigest(),
        "partitions": [
            {
                "name": name,
                "start": start,
                "size": SIZES[name] * MB,
                "sha256": hashlib.sha256(contents[name]).hexdigest(),
            }
            for name, start in starts().items()
        ],
        "verity": {"root_hash": root_hash, "hash_offset": hash_offset},
    }
    (folder / "image.json").write_text(json.dumps(described))
    return image


def packed(image: Path) -> Path:
    """The image compressed, beside it."""
    _run("zstd", "-qf", image)
    return image.with_name(f"{image.name}.zst")


def starts() -> dict[str, int]:
    """Where each partition begins, in bytes."""
    found, place = {}, FIRST
    for name, mb in SIZES.items():
        found[name], place = place, place + mb * MB
    return found


def start_up(card: Path) -> None:
    """What U-Boot changes on a card each time a kiosk starts."""
    changed = card.with_name(COUNTER)
    changed.write_bytes(b"BOOT_A_LEFT=2".ljust(4096, b"\0"))
    _run("mcopy", "-o", "-i", f"{card}@@{starts()['bootsel']}", changed, f"::{COUNTER}")


def _root(folder: Path) -> tuple[bytes, str, int]:
    tree = folder / "root"
    (tree / "etc").mkdir(parents=True)
    (tree / "etc" / "homthu-image").write_text(json.dumps({"version": VERSION}))
    (tree / "big").write_bytes(os.urandom(MB))
    squashed = folder / "root.squashfs"
    _run("mksquashfs", tree, squashed, "-quiet", "-no-progress", "-comp", "lz4")
    offset = squashed.stat().st_size
    told = _run("veritysetup", "format", f"--hash-offset={offset}", squashed, squashed)
    found = re.search(r"Root hash:\s+(\w+)", told)
    assert found
    return squashed.read_bytes().ljust(SIZES["root_a"] * MB, b"\0"), found[1], offset


def _fat(target: Path, files: dict[str, bytes]) -> bytes:
    target.touch()
    os.truncate(target, SIZES["bootsel"] * MB)
    _run("mkfs.vfat", "--invariant", target)
    for name, content in files.items():
        (target.parent / name).write_bytes(content)
        _run("mcopy", "-i", target, target.parent / name, f"::{name}")
    return target.read_bytes()


def _data(folder: Path) -> bytes:
    target = folder / "empty.ext4"
    _run("mke2fs", "-q", "-t", "ext4", "-L", "data", target, f"{SIZES['data']}M")
    return target.read_bytes()


def _run(*command: str | Path, stdin: str | None = None) -> str:
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    return subprocess.run(
        command, input=stdin, env={**os.environ, "PATH": path}, check=True,
        capture_output=True, text=True,
    ).stdout  # fmt: skip
