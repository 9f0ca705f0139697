"""The port to real files and block devices."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.progress import Progress

from kiosk.common.errors import CardError
from provisioning.card import disk, write
from provisioning.card.image import BLOCK
from tests.cards import Card

MB = 1 << 20


@contextmanager
def attached(backing: Path) -> Iterator[Path]:
    """A block device of the kernel's, over a file of 64 MB."""
    backing.touch()
    os.truncate(backing, 64 * MB)
    made = subprocess.run(
        ["losetup", "--find", "--show", backing], capture_output=True, text=True, check=False
    )
    if made.returncode:
        pytest.skip("this machine has no loop device to spare")
    try:
        yield Path(made.stdout.strip())
    finally:
        subprocess.run(["losetup", "--detach", made.stdout.strip()], check=True)


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Path]:
    with attached(tmp_path / "backing") as made:
        yield made


def is_remembered(path: Path, offset: int) -> bool:
    """Whether those bytes lie in the page cache: RWF_NOWAIT reads nothing else, preadv2(2)."""
    handle = os.open(path, os.O_RDONLY)
    try:
        return os.preadv(handle, [bytearray(4096)], offset, os.RWF_NOWAIT) > 0
    except BlockingIOError:
        return False
    finally:
        os.close(handle)


def check_reads_come_from_the_medium(path: Path) -> None:
    with disk.opened(path, 64 * MB) as opened:
        opened.write(8 * MB, b"x" * BLOCK)
        assert is_remembered(path, 8 * MB)
        opened.forget()
        assert not is_remembered(path, 8 * MB)
        assert opened.read(8 * MB, BLOCK) == b"x" * BLOCK


def test_a_file_is_read_back_from_its_medium(tmp_path: Path) -> None:
    check_reads_come_from_the_medium(tmp_path / "card.img")


def test_a_device_is_read_back_from_its_medium(device: Path) -> None:
    check_reads_come_from_the_medium(device)


def test_a_device_is_written_and_keeps_its_size(device: Path) -> None:
    content = os.urandom(BLOCK) + os.urandom(BLOCK)

    def blocks() -> Iterator[tuple[int, bytes]]:
        yield 0, content[:BLOCK]
        yield BLOCK, content[BLOCK:]

    with disk.opened(device, len(content)) as opened:
        assert opened.size == 64 * MB
        write.write(blocks, len(content), opened, Progress(disable=True), lambda: None)
    with disk.opened(device) as opened:
        assert opened.read(0, 2 * BLOCK) == content
        assert opened.size == 64 * MB


def test_a_device_that_breaks_while_it_is_written_is_told(tmp_path: Path) -> None:
    """One over a file that finds no more room: the kernel says EIO, as for a card."""
    small = Card(tmp_path / "small", "12m")

    def blocks() -> Iterator[tuple[int, bytes]]:
        for offset in range(0, 64 * MB, BLOCK):
            yield offset, bytes([offset // BLOCK + 1]) * BLOCK

    try:
        with (
            attached(small.folder / "backing") as device,
            disk.opened(device, 64 * MB) as opened,
            pytest.raises(CardError, match="pulled or is broken"),
        ):
            write.write(blocks, 64 * MB, opened, Progress(disable=True), lambda: None)
    finally:
        small.pull()


def test_a_mounted_device_cannot_be_opened_for_writing(device: Path, tmp_path: Path) -> None:
    subprocess.run(["mkfs.ext4", "-q", device], check=True)
    folder = tmp_path / "mounted"
    folder.mkdir()
    mounted = subprocess.run(["mount", device, folder], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this machine does not let a test mount a file system")
    try:
        with pytest.raises(CardError, match="in use"), disk.opened(device, MB):
            pass
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_file_gets_the_size_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "card.img"
    path.write_bytes(b"x" * 3 * MB)
    with disk.opened(path, 2 * MB) as opened:
        assert opened.size == path.stat().st_size == 2 * MB
    assert path.read_bytes() == b"x" * 2 * MB


def test_the_end_of_a_disk_is_the_end(tmp_path: Path) -> None:
    with disk.opened(tmp_path / "card.img", 5000) as opened:
        assert opened.read(4096, 4096) == bytes(904)


def test_a_full_disk_and_a_missing_one_are_told(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="no space left"), disk.trouble():
        Path("/dev/full").write_bytes(b"x" * 9999)
    with pytest.raises(CardError, match="was pulled"), disk.opened(tmp_path / "none"):
        pass
