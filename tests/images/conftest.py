"""A card as small as the real one is large, from a root of three files."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from images import layout
from images.assembly import assemble
from images.layout import Layout
from images.tools import Tools

FAT_MIB = 34
"""Just above the least that FAT32 can be."""
ROOT_MIB = 8
KERNEL = {"vmlinuz": b"a kernel", "initrd.img": b"an initramfs"}
FIRMWARE = {"start4.elf": b"firmware", "u-boot.bin": b"U-Boot"}


@pytest.fixture(scope="session")
def tools() -> Tools:
    return Tools(datetime(2026, 1, 2, tzinfo=UTC))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """The real layout with small partitions."""
    text = (layout.IMAGES / "layout.toml").read_text("utf-8")
    text = re.sub("size = (64|96)$", f"size = {FAT_MIB}", text, flags=re.MULTILINE)
    path = tmp_path_factory.mktemp("layout") / "layout.toml"
    path.write_text(text.replace("size = 640", f"size = {ROOT_MIB}"), "utf-8")
    return layout.load(path)


def tiny_root(folder: Path) -> Path:
    """A root file system of a few files, made in another order and at another time each time."""
    names = ["etc/hostname", "etc/os-release", "usr/bin/true", "usr/share/words"]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name * 1000)
    (folder / "bin").symlink_to("usr/bin")
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, small: Layout, tools: Tools) -> Path:
    """A folder with a whole image, made of almost nothing."""
    out = tmp_path_factory.mktemp("image")
    assemble(tiny_root(out / "root"), FIRMWARE, KERNEL, out, small, tools)
    return out
