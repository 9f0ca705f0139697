"""Which disks may be written: only what is surely a card, and nothing that is in use."""

import json

import pytest

from kiosk.common.errors import CardError
from provisioning.card.drives import choose, listed, parse, refusal

GB = 10**9
NEEDED = 2 * GB


def disk(name: str, **known: object) -> dict[str, object]:
    return {
        "path": f"/dev/{name}", "name": name, "type": "disk", "size": 32 * GB, "model": "Reader ",
        "rm": True, "ro": False, "mountpoints": [None], "log-sec": 512, **known,
    }  # fmt: skip


def part(name: str, *mountpoints: str | None, **known: object) -> dict[str, object]:
    return {**disk(name), "type": "part", "model": None, "mountpoints": [*mountpoints], **known}


INSIDE = [part("sdx2", None, children=[part("luks-1", "/", type="crypt")])]
LAPTOP = {
    "sda": disk("sda", rm=False, children=[part("sda1", "/boot/efi"), part("sda2", "/")]),
    "nvme0n1": disk("nvme0n1", rm=False, children=INSIDE),
    "nvme1n1": disk("nvme1n1", rm=False),
    "mmcblk0": disk("mmcblk0", rm=False),
    "mmcblk1": disk("mmcblk1", rm=False, model=None),
    "sdb": disk("sdb"),
    "sdc": disk("sdc", children=[part("sdc1", "/media/me/boot"), part("sdc2", None)]),
    "sdd": disk("sdd", size=0),
    "sde": disk("sde", ro=True),
    "sdf": disk("sdf", size=NEEDED - 1),
    "sdg": disk("sdg", **{"log-sec": 4096}),
    "sdh": disk("sdh", children=[part("sdh1", "/")]),
    "sr0": disk("sr0", type="rom"),
    "loop0": disk("loop0", type="loop"),
}
DRIVES = {
    drive.path.removeprefix("/dev/"): drive
    for drive in parse(json.dumps({"blockdevices": [*LAPTOP.values()]}).encode(), {"mmcblk1"})
}


def test_discs_and_loops_are_no_disks() -> None:
    assert set(LAPTOP) - set(DRIVES) == {"sr0", "loop0"}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("sda", "own disk"),
        ("nvme0n1", "own disk"),
        ("nvme1n1", "not removable"),
        ("mmcblk0", "not removable"),
        ("sdc", "mounted"),
        ("sdd", "no card"),
        ("sde", "write-protected"),
        ("sdf", "too small"),
        ("sdg", "4096"),
        ("sdh", "own disk"),
    ],
)
def test_what_must_not_be_written_is_refused(name: str, why: str) -> None:
    refused = refusal(DRIVES[name], NEEDED)
    assert refused
    assert why in refused[0]
    with pytest.raises(CardError, match=why):
        choose([*DRIVES.values()], f"/dev/{name}", NEEDED)


@pytest.mark.parametrize("name", ["sdb", "mmcblk1"])
def test_a_card_in_a_reader_may_be_written(name: str) -> None:
    assert choose([*DRIVES.values()], f"/dev/{name}", NEEDED) == DRIVES[name]


def test_a_mounted_card_is_told_how_to_be_let_go() -> None:
    with pytest.raises(CardError, match="umount /dev/sdc1 /dev/sdc2"):
        choose([*DRIVES.values()], "/dev/sdc", NEEDED)


def test_a_partition_or_nothing_is_refused() -> None:
    with pytest.raises(CardError, match=r"a partition.*/dev/sdc"):
        choose([*DRIVES.values()], "/dev/sdc2", NEEDED)
    with pytest.raises(CardError, match="not a disk"):
        choose([*DRIVES.values()], "/dev/sdz", NEEDED)


def test_this_computers_own_disk_is_refused() -> None:
    """Only asked about: no test ever names a real disk to be written."""
    own = [drive for drive in listed() if "/" in drive.mounted]
    if not own:
        pytest.skip("this machine's root lies on no disk of its own")
    refused = refusal(own[0], NEEDED)
    assert refused
    assert "own disk" in refused[0]
