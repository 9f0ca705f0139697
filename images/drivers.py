"""The drivers that a board needs before it can read its root: those on the way to its card."""

from collections.abc import Iterable

from images.device_tree import DeviceTree
from images.modules import Modules
from kiosk.common.errors import ImageError


def of_the_card(boards: Iterable[DeviceTree], modules: Modules, kernel: bytes) -> list[str]:
    """The names of the modules, for all the boards together; `kernel` is an uncompressed Image.

    Raises ImageError for a part that neither a module nor the kernel itself drives: its names
    stand in the table of the driver (struct of_device_id), wherever that is.
    """
    found: set[str] = set()
    for board in boards:
        for node in board.way(board.slot):
            names = board.compatible(node)
            drivers = set().union(*map(modules.drivers, names))
            if names and not drivers and not any(_holds(kernel, name) for name in names):
                raise ImageError(f"{board.board}: nothing drives {node} ({' '.join(names)})")
            found |= drivers
    return sorted(found)


def _holds(kernel: bytes, name: str) -> bool:
    return name.encode() + b"\0" in kernel
