"""A card as a file: its partitions are found by name and filled without mounting anything."""

import json
import subprocess
from pathlib import Path

SECTOR = 512
MIB = 1 << 20


class Card:
    """A card with a GPT; `path` may be written to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        table = json.loads(_run("sfdisk", "--json", str(path)))["partitiontable"]
        self.partitions: dict[str, tuple[int, int]] = {
            part["name"]: (part["start"] * SECTOR, part["size"] * SECTOR)
            for part in table["partitions"]
        }
        """Start and size of each partition in bytes."""

    @classmethod
    def small(cls, path: Path, names: tuple[str, ...], size: int = 20 * MIB) -> "Card":
        """An empty card with FAT partitions; its own size a power of two, as boards want it."""
        with path.open("wb") as file:
            file.truncate(1 << (len(names) * size + 2 * MIB).bit_length())
        lines = "".join(f"size={size // SECTOR}, name={name}\n" for name in names)
        _run("sfdisk", "--quiet", str(path), text=f"label: gpt\n{lines}")
        card = cls(path)
        for name in names:
            _run("mformat", "-i", card._at(name), "-T", str(size // SECTOR), "::")
        return card

    def put(self, partition: str, name: str, content: bytes) -> None:
        """Write a file into the root of a FAT partition, over what is there."""
        source = self.path.with_name(f"{self.path.name}.{name}")
        source.write_bytes(content)
        _run("mcopy", "-o", "-i", self._at(partition), str(source), f"::{name}")
        source.unlink()

    def remove(self, partition: str, name: str) -> None:
        """Take a file out of a FAT partition."""
        _run("mdel", "-i", self._at(partition), f"::{name}")

    def get(self, partition: str, name: str) -> bytes:
        """A file of a FAT partition."""
        return _run("mtype", "-i", self._at(partition), f"::{name}")

    def write(self, partition: str, content: Path) -> None:
        """Fill a partition from a file."""
        start, size = self.partitions[partition]
        assert content.stat().st_size <= size
        where = (f"of={self.path}", f"seek={start}", "oflag=seek_bytes", "conv=notrunc")
        _run("dd", f"if={content}", "bs=1M", *where)

    def flip_bit(self, partition: str, offset: int) -> None:
        """As a worn card does."""
        start, _ = self.partitions[partition]
        with self.path.open("r+b") as file:
            file.seek(start + offset)
            (byte,) = file.read(1)
            file.seek(start + offset)
            file.write(bytes([byte ^ 1]))

    def _at(self, partition: str) -> str:
        return f"{self.path}@@{self.partitions[partition][0]}"


def stick(path: Path, *files: Path) -> Path:
    """A USB stick with these files, as it comes from the shop."""
    with path.open("wb") as file:
        file.truncate(sum(file.stat().st_size for file in files) + 64 * MIB)
    _run("mformat", "-F", "-i", str(path), "::")
    _run("mcopy", "-i", str(path), *map(str, files), "::")
    return path


def _run(*command: str, text: str = "") -> bytes:
    return subprocess.run(command, input=text.encode(), check=True, capture_output=True).stdout
