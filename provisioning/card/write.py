"""Writing a card so that an interrupted one is never taken for a whole one.

The first block, with the partition table, is blanked first and written last, when everything else
has been read back. An interrupted write goes on at the first block that differs.
"""

from collections.abc import Callable

from rich.progress import Progress

from kiosk.common.errors import CardError
from provisioning.card import capacity_marks
from provisioning.card.console import bar
from provisioning.card.disk import Disk, trouble
from provisioning.card.image import BLOCK, Advance, Blocks

SYNCED = 4 * BLOCK
"""So much may be on its way to the card; more would make the bar run ahead of it."""

_CURE = "dùng thẻ khác (use another card)"


def write(
    blocks: Callable[[], Blocks],
    size: int,
    disk: Disk,
    progress: Progress,
    proven: Callable[[], None],
) -> None:
    """Make the first `size` bytes of a disk those of `blocks()`, and read every one back.

    `proven` is called when all but the first block are known to be right. Raises CardError when
    the card is pulled or gives back other bytes; it can then not be started from.
    """
    _, head = next(blocks())
    with trouble():
        disk.write(0, bytes(len(head)))
        disk.sync()
    _write_rest(blocks(), disk, bar(progress, "Ghi (writing)", size))
    with trouble():
        capacity_marks.put(disk, size)
        disk.forget()
    _compare(blocks(), disk, bar(progress, "Đọc lại (reading back)", size))
    with trouble():
        false_place = capacity_marks.false_place(disk, size)
    if false_place is not None:
        raise _false(false_place)
    proven()
    with trouble():
        disk.write(0, head)
        disk.forget()
        same = disk.read(0, len(head)) == head
    if not same:
        raise _false(0)


def _write_rest(blocks: Blocks, disk: Disk, advance: Advance) -> None:
    same = True
    for offset, block in blocks:
        if offset:
            with trouble():
                same = same and disk.read(offset, len(block)) == block
                if not same:
                    disk.write(offset, block)
                if (offset + BLOCK) % SYNCED == 0:
                    disk.sync()
        advance(len(block))


def _compare(blocks: Blocks, disk: Disk, advance: Advance) -> None:
    for offset, block in blocks:
        expected = block if offset else bytes(len(block))
        with trouble():
            same = disk.read(offset, len(block)) == expected
        if not same:
            raise _false(offset)
        advance(len(block))


def _false(offset: int) -> CardError:
    return CardError(
        f"đọc lại khác lúc ghi ở {offset >> 20} MB: thẻ mòn hoặc khai sai dung lượng "
        "(other bytes came back: worn out, or lies about its size)",
        _CURE,
    )
