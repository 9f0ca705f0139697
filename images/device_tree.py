"""The device tree of a board: what stands between its card and the processor.

The format is that of the Devicetree Specification; it is read and changed by the tools of dtc.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from images.tools import Tools
from kiosk.common.errors import ImageError

REFERENCES: dict[str, str | None] = {
    r"clocks": "#clock-cells",
    r"dmas": "#dma-cells",
    r"firmware": None,
    r"interrupt-parent": None,
    r"mboxes": "#mbox-cells",
    r"mmc-pwrseq": None,
    r"phys": "#phy-cells",
    r"pinctrl-\d+": None,
    r"power-domains": "#power-domain-cells",
    r"resets": "#reset-cells",
    r".+-supply": None,
    r"(.+-)?gpios?": "#gpio-cells",
}
"""Which properties of a node name others that it needs, and which property of the other says how
many cells follow its name; as in the kernel's drivers/of/property.c."""


class DeviceTree:
    """The tree in a `.dtb` file, `file`. Nodes are named by their paths."""

    def __init__(self, file: Path, tools: Tools) -> None:
        self.file, self.board = file, file.stem
        self._tools = tools

    @cached_property
    def slot(self) -> str:
        """The controller of the card's slot: the MMC host in use that has no chip soldered to it.

        Raises ImageError when there is none, or more than one.
        """
        hosts = [node for node in self._nodes if Path(node).name.startswith("mmc@")]
        slots = [node for node in hosts if self._enabled(node) and not self._below(node)]
        if len(slots) != 1:
            raise ImageError(f"{self.board}: {len(slots)} slots for a card instead of one")
        return slots[0]

    def way(self, node: str) -> list[str]:
        """A node, those it hangs on, and all that these need: clocks, regulators and so on.

        Nothing waits for what is switched off; the board itself, `/`, is no device.
        """
        found: set[str] = set()
        waiting = [node]
        while waiting:
            node = waiting.pop()
            if node not in found and self._enabled(node):
                found.add(node)
                waiting += (*self._references(node), str(Path(node).parent))
        return sorted(found - {"/"})

    def compatible(self, node: str) -> list[str]:
        """What a driver may call a node, the closest name first; nothing for a mere folder."""
        return self._get("s", node, "compatible").split()

    def _references(self, node: str) -> Iterator[str]:
        for name in self._tools.run("fdtget", "-p", self.file, node).split():
            for pattern, counting in REFERENCES.items():
                if re.fullmatch(pattern, name):
                    yield from self._named(self._cells(node, name), counting)

    def _named(self, cells: Sequence[int], counting: str | None) -> Iterator[str]:
        place = 0
        while place < len(cells):
            other = self._handles.get(cells[place])
            if other is None:  # an empty place in a list
                place += 1
                continue
            yield other
            place += 1 + (self._cells(other, counting)[0] if counting else 0)

    def _enabled(self, node: str) -> bool:
        return self._get("s", node, "status") in ("", "okay", "ok")

    def _below(self, node: str) -> list[str]:
        return self._tools.run("fdtget", "-l", self.file, node).split()

    @cached_property
    def _nodes(self) -> list[str]:
        nodes = ["/"]
        for node in nodes:
            nodes += [f"{node.rstrip('/')}/{name}" for name in self._below(node)]
        return nodes

    @cached_property
    def _handles(self) -> dict[int, str]:
        asked = [word for node in self._nodes for word in (node, "phandle")]
        values = self._tools.run("fdtget", "-t", "u", "-d", "0", self.file, *asked).split()
        handles = dict(zip(map(int, values), self._nodes, strict=True))
        handles.pop(0, None)
        return handles

    def _cells(self, node: str, name: str) -> list[int]:
        return [int(cell) for cell in self._get("u", node, name).split()]

    def _get(self, form: str, node: str, name: str) -> str:
        return self._tools.run("fdtget", "-t", form, "-d", "", self.file, node, name).strip()
