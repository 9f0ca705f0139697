"""The image: the same bytes twice, everything where the layout says, and a root that is guarded."""

import hashlib
import json
import subprocess
from filecmp import cmp
from pathlib import Path
from random import randbytes

import pytest

from images.assembly import COMPRESSED, IMAGE, assemble
from images.layout import MIB, Layout
from images.tools import Tools
from kiosk.common.errors import ImageError
from provisioning.card.image import DESCRIPTION
from tests.images.conftest import FIRMWARE, KERNEL, ROOT_MIB, tiny_root

BOOT_FILES = {
    "bootsel": {"boot.scr", "config.txt", "uboot.env", *FIRMWARE},
    "boot_a": {"slot.scr", *KERNEL},
    "boot_b": {"slot.scr", *KERNEL},
}


def part_of(built: Path, small: Layout, name: str, to: Path) -> Path:
    part = small.partition(name)
    with (built / IMAGE).open("rb") as card:
        card.seek(part.start)
        to.write_bytes(card.read(part.size))
    return to


def verified(root: Path, root_hash: str, offset: int) -> bool:
    command = ["veritysetup", "verify", str(root), str(root), root_hash]
    command.append(f"--hash-offset={offset}")
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_the_same_root_makes_the_same_bytes(
    built: Path, small: Layout, tools: Tools, tmp_path: Path
) -> None:
    later = dict(reversed(FIRMWARE.items()))
    assemble(tiny_root(tmp_path / "root"), later, KERNEL, tmp_path, small, tools)
    for name in (IMAGE, DESCRIPTION, COMPRESSED):
        assert cmp(tmp_path / name, built / name, shallow=False), name


def test_the_partition_table_is_the_layout(built: Path, small: Layout) -> None:
    told = subprocess.run(["sfdisk", "-J", built / IMAGE], capture_output=True, check=True).stdout
    table = json.loads(told)["partitiontable"]
    found = [
        (p["name"], p["start"] * 512, p["size"] * 512, p["type"], p["uuid"].lower())
        for p in table["partitions"]
    ]
    wanted = [(p.name, p.start, p.size, p.type.upper(), p.uuid) for p in small.partitions]
    assert (table["label"], table["id"].lower()) == ("gpt", small.disk)
    assert found == wanted


def test_the_description_agrees_with_the_bytes(built: Path, small: Layout) -> None:
    image = (built / IMAGE).read_bytes()
    told = json.loads((built / DESCRIPTION).read_text())
    assert (told["format"], told["version"]) == (1, small.version)
    assert (told["size"], told["sha256"]) == (len(image), hashlib.sha256(image).hexdigest())
    assert [part["name"] for part in told["partitions"]] == [p.name for p in small.partitions]
    for part in told["partitions"]:
        content = image[part["start"] : part["start"] + part["size"]]
        assert part["sha256"] == hashlib.sha256(content).hexdigest(), part["name"]


def test_the_compressed_image_is_the_image(built: Path, tmp_path: Path) -> None:
    unpacked = tmp_path / IMAGE
    subprocess.run(["zstd", "-dq", built / COMPRESSED, "-o", unpacked], check=True)
    assert cmp(unpacked, built / IMAGE, shallow=False)


@pytest.mark.parametrize("name", BOOT_FILES)
def test_a_boot_partition_has_its_files(
    name: str, built: Path, small: Layout, tmp_path: Path
) -> None:
    part = part_of(built, small, name, tmp_path / name)
    listed = subprocess.run(["mdir", "-b", "-i", part], capture_output=True, check=True, text=True)
    assert {line.removeprefix("::/") for line in listed.stdout.split()} == BOOT_FILES[name]
    subprocess.run(["fsck.vfat", "-n", part], capture_output=True, check=True)


def test_both_slots_start_the_root_that_they_hold(built: Path, small: Layout) -> None:
    told = json.loads((built / DESCRIPTION).read_text())
    digest = {part["name"]: part["sha256"] for part in told["partitions"]}
    assert digest["boot_a"] != digest["root_a"]
    assert digest["root_a"] == digest["root_b"]
    place = small.partition("boot_b")
    slot = (built / IMAGE).read_bytes()[place.start : place.start + place.size]
    assert told["verity"]["root_hash"].encode() in slot


def test_the_root_is_guarded_to_the_last_bit(built: Path, small: Layout, tmp_path: Path) -> None:
    told = json.loads((built / DESCRIPTION).read_text())["verity"]
    root = part_of(built, small, "root_a", tmp_path / "root")
    assert verified(root, told["root_hash"], told["hash_offset"])
    with root.open("r+b") as file:
        file.seek(told["hash_offset"] // 2)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 1]))
    assert not verified(root, told["root_hash"], told["hash_offset"])


def test_the_data_partition_is_an_empty_ext4(built: Path, small: Layout, tmp_path: Path) -> None:
    part = part_of(built, small, "data", tmp_path / "data")
    subprocess.run(["e2fsck", "-fn", part], capture_output=True, check=True)
    listed = subprocess.run(["debugfs", "-R", "ls -p", part], capture_output=True, text=True)
    names = {line.split("/")[5] for line in listed.stdout.split()}
    assert names == {".", "..", "lost+found"}


def test_a_root_too_large_is_told_and_leaves_the_former_image(
    built: Path, small: Layout, tools: Tools, tmp_path: Path
) -> None:
    former = (built / DESCRIPTION).read_bytes()
    root = tiny_root(tmp_path / "root")
    (root / "noise").write_bytes(randbytes((ROOT_MIB + 1) * MIB))
    with pytest.raises(ImageError, match=f"root_a holds {ROOT_MIB}") as told:
        assemble(root, FIRMWARE, KERNEL, built, small, tools)
    assert "images/prune.txt" in told.value.cure
    assert (built / DESCRIPTION).read_bytes() == former
    assert not list(built.glob(".assembling-*"))
