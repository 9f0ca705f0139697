"""A small card with boot partitions, and the emulated Raspberry Pi that starts from it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
UBOOT = ROOT / "build" / "uboot"
SECTOR = 512
MIB = 1 << 20
STARTS = {"bootsel": 1 * MIB, "boot_a": 21 * MIB, "boot_b": 41 * MIB}
SIZE = 20 * MIB
CARD = 64 * MIB


class BootCard:
    """`bootsel`, `boot_a` and `boot_b` on a card; size a power of two, as the board wants it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        table = ["label: gpt"] + [
            f"start={start // SECTOR}, size={SIZE // SECTOR}, name={name}"
            for name, start in STARTS.items()
        ]
        with path.open("wb") as file:
            file.truncate(CARD)
        _run("sfdisk", "--quiet", str(path), text="\n".join(table))
        for name in STARTS:
            _run("mformat", "-i", self._at(name), "-T", str(SIZE // SECTOR), "::")

    def put(self, partition: str, name: str, content: bytes) -> None:
        """Write a file into the root of a partition, over what is there."""
        source = self.path.with_name(name)
        source.write_bytes(content)
        _run("mcopy", "-o", "-i", self._at(partition), str(source), "::")

    def get(self, partition: str, name: str) -> bytes:
        """A file of a partition."""
        command = ["mtype", "-i", self._at(partition), f"::{name}"]
        return subprocess.run(command, check=True, capture_output=True).stdout

    def _at(self, partition: str) -> str:
        return f"{self.path}@@{STARTS[partition]}"


def console(card: Path, typed: bytes = b"") -> Iterator[str]:
    """The lines that a Raspberry Pi with this card prints, which somebody types at meanwhile.

    The emulated board ends with the iteration.
    """
    command = ["qemu-system-aarch64", "-M", "raspi3b", "-kernel", str(UBOOT / "rpi_3.bin")]
    command += ["-drive", f"if=sd,format=raw,file={card}", "-display", "none", "-monitor", "none"]
    command += ["-serial", "null", "-serial", "stdio"]
    board = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert board.stdin is not None
    assert board.stdout is not None
    try:
        for line in board.stdout:
            yield line.decode("utf-8", "replace").strip()
            board.stdin.write(typed)
            board.stdin.flush()
    finally:
        board.kill()
        board.communicate()


def _run(*command: str, text: str = "") -> None:
    subprocess.run(command, input=text.encode(), check=True, capture_output=True)
