"""The modules of a kernel: what each needs, and which drives what, as depmod(8) wrote it down."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from images.layout import IMAGES
from kiosk.common.errors import ImageError

LIST = IMAGES / "modules.txt"
_COMPATIBLE = re.compile(r"of:N.*?T.*?C(?P<compatible>[^*]+?)(C\*)?")
"""An alias of a device tree's driver, as in the kernel's scripts/mod/file2alias.c."""


class Modules:
    """The modules of one kernel; `folder` is its `usr/lib/modules/VERSION` after depmod has run.

    What is read at the beginning stays known, whatever is taken out of the folder afterwards.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._needs = {}
        for line in self._lines("modules.dep"):
            path, needed = line.split(":")
            self._needs[path] = needed.split()
        self._paths = {_name(path): path for path in self._needs}
        self._built_in = {_name(path) for path in self._lines("modules.builtin")}
        self._soft = self._soft_dependencies()
        self._drivers = self._drivers_by_compatible()

    def drivers(self, compatible: str) -> set[str]:
        """The names of the modules for a `compatible` of a device tree; none for built-in ones."""
        return self._drivers.get(compatible, set())

    def files(self, names: Iterable[str]) -> set[Path]:
        """The files of modules and of all that these need, softly too.

        Raises ImageError when the kernel has one neither as a module nor built in.
        """
        missing = [name for name in names if not self._known(name)]
        if missing:
            raise ImageError(f"the kernel has no module {', '.join(missing)}", f"correct {LIST}")
        found: set[str] = set()
        waiting = [self._paths[_name(name)] for name in names if _name(name) in self._paths]
        while waiting:
            path = waiting.pop()
            if path not in found:
                found.add(path)
                waiting += self._needs[path] + self._soft.get(_name(path), [])
        return {self.folder / path for path in found}

    def broken(self) -> list[str]:
        """Which modules that are still there need which that are not, one line each."""
        return [
            f"{_name(path)} needs {', '.join(map(_name, gone))}"
            for path, needed in sorted(self._needs.items())
            if (self.folder / path).exists()
            and (gone := [other for other in needed if not (self.folder / other).exists()])
        ]

    def _known(self, name: str) -> bool:
        return _name(name) in self._paths.keys() | self._built_in

    def _soft_dependencies(self) -> Mapping[str, list[str]]:
        soft: dict[str, list[str]] = {}
        for line in self._lines("modules.softdep"):
            _, name, *others = line.split()
            paths = (self._paths.get(_name(other)) for other in others)
            soft.setdefault(_name(name), []).extend(path for path in paths if path)
        return soft

    def _drivers_by_compatible(self) -> Mapping[str, set[str]]:
        drivers: dict[str, set[str]] = {}
        for line in self._lines("modules.alias"):
            alias, name = line.removeprefix("alias ").rsplit(maxsplit=1)
            if match := _COMPATIBLE.fullmatch(alias):
                drivers.setdefault(match["compatible"], set()).add(name)
        return drivers

    def _lines(self, name: str) -> list[str]:
        lines = (self.folder / name).read_text("utf-8").splitlines()
        return [line for line in lines if line and not line.startswith("#")]


def chosen(path: Path = LIST) -> list[str]:
    """The names of the modules that a kiosk must be able to load, without their comments."""
    lines = path.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _name(path: str) -> str:
    """As the kernel calls a module, whatever its file is called."""
    return Path(path).name.partition(".ko")[0].replace("-", "_")
