"""A card is written whole or cannot be started from; every fault of a card is found."""

import itertools
from collections.abc import Callable, Iterator

import pytest
from rich.progress import Progress

from kiosk.common.errors import CardError
from provisioning.card import capacity_marks
from provisioning.card import write as writing
from provisioning.card.image import BLOCK
from tests.provisioning.card.fake_disk import FakeDisk

SIZE = 5 * BLOCK + 512 * 33
CONTENT = b"".join(bytes([block + 1]) * BLOCK for block in range(5)) + b"\x77" * 512 * 33


def blocks() -> Iterator[tuple[int, bytes]]:
    for offset in range(0, SIZE, BLOCK):
        yield offset, CONTENT[offset : offset + BLOCK]


def write(disk: FakeDisk, proven: Callable[[], None] = lambda: None) -> None:
    writing.write(blocks, SIZE, disk, Progress(disable=True), proven)


@pytest.mark.parametrize("size", [SIZE, SIZE + 100, SIZE + 4096, 10 * SIZE])
def test_every_byte_is_written(size: int) -> None:
    disk = FakeDisk(size)
    write(disk)
    assert disk.content[:SIZE] == CONTENT


def test_a_card_is_proven_before_it_can_be_started_from() -> None:
    disk = FakeDisk(2 * SIZE)
    seen: list[bool] = []
    write(disk, lambda: seen.append(disk.content[BLOCK:SIZE] == CONTENT[BLOCK:]))
    assert seen == [True]
    disk = FakeDisk(2 * SIZE)

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(disk, interrupt)
    assert not any(disk.content[:BLOCK])


@pytest.mark.parametrize("blocks_written", range(7))
def test_a_pulled_card_is_an_error_and_the_next_try_goes_on(blocks_written: int) -> None:
    disk = FakeDisk(SIZE)
    disk.content[:BLOCK] = b"an older card".ljust(BLOCK)
    disk.pulled_after = blocks_written * BLOCK
    with pytest.raises(CardError, match="was pulled"):
        write(disk)
    assert any(disk.content[:BLOCK]) is (blocks_written == 0)
    assert bytes(disk.content[:BLOCK]) != CONTENT[:BLOCK]
    disk.pulled_after, before = None, disk.written
    write(disk)
    assert disk.content == CONTENT
    again = disk.written - before
    assert again == SIZE + BLOCK - min(SIZE - BLOCK, max(0, blocks_written - 1) * BLOCK)


def test_a_whole_card_is_not_written_again() -> None:
    disk = FakeDisk(SIZE)
    write(disk)
    before = disk.written
    write(disk)
    assert disk.written - before == 2 * BLOCK


@pytest.mark.parametrize("place", [0, BLOCK, SIZE - 1, SIZE // 2])
def test_a_worn_out_card_is_found(place: int) -> None:
    disk = FakeDisk(SIZE)
    disk.worn_at = place
    with pytest.raises(CardError, match="worn out"):
        write(disk)


@pytest.mark.parametrize("beyond", ["wraps", "nothing"])
@pytest.mark.parametrize("true_size", [SIZE - 512, 2 * BLOCK, 20 * BLOCK, 63 * BLOCK + 4096])
def test_a_card_that_lies_about_its_size_is_found(true_size: int, beyond: str) -> None:
    disk = FakeDisk(64 * BLOCK, true_size, beyond)
    with pytest.raises(CardError, match="lies about its size"):
        write(disk)
    if beyond == "nothing":
        assert not any(disk.content[:BLOCK])


def test_marks_leave_no_gap_as_long_as_the_image() -> None:
    found = list(capacity_marks.places(SIZE, 64 * BLOCK))
    gaps = [later - sooner for sooner, later in itertools.pairwise(found)]
    assert found[0] - SIZE < capacity_marks.MARK
    assert max(gaps) <= SIZE // 2
    assert found[-1] == 64 * BLOCK - capacity_marks.MARK
    assert len({capacity_marks.mark(place) for place in found}) == len(found)
