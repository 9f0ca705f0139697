"""Cards: writing and reading back beside dd and cmp, and ten kiosks' data beside empty ones."""

import dataclasses
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.progress import Progress

from provisioning import demo
from provisioning.card import data_partition, disk, image, write
from tests.bench.bench_uplink import Row
from tests.provisioning.card import tiny_image

SIZE = 256 << 20
DATA_SIZE = 64 << 20
KIOSKS = 10
ROUNDS = 5


def rows() -> Iterator[Row]:
    """Both on the disk of the temporary folder."""
    with tempfile.TemporaryDirectory(prefix="homthu-bench-") as name:
        folder = Path(name)
        yield _writing(folder)
        yield _personalising(folder)


def _writing(folder: Path) -> Row:
    source, target = folder / "source.img", folder / "card.img"
    source.write_bytes(os.urandom(SIZE))

    def blocks() -> Iterator[tuple[int, bytes]]:
        with source.open("rb") as file:
            for offset in range(0, SIZE, image.BLOCK):
                yield offset, file.read(image.BLOCK)

    def ours() -> None:
        with disk.opened(target, SIZE) as opened:
            write.write(blocks, SIZE, opened, Progress(disable=True), lambda: None)

    def theirs() -> None:
        _run("dd", f"if={source}", f"of={target}", "bs=4M", "conv=fsync")
        _run("dd", f"of={target}", "oflag=nocache", "conv=notrunc,fdatasync", "count=0")
        _run("cmp", source, target)

    rounds = [[_seconds(way, target) for way in (ours, theirs)] for _ in range(ROUNDS)]
    mine, other = map(min, zip(*rounds, strict=True))
    return (
        "a card of 256 MB in a file, written and read back / dd with fsync, and cmp",
        f"{SIZE / mine / 1e6:.0f} MB/s",
        f"{SIZE / other / 1e6:.0f} MB/s",
        mine / other,
        "below 1.5; on a card both wait for the card",
    )


def _personalising(folder: Path) -> Row:
    plan = demo.Plan((800, 480), Path("build"), False, False, None, ("10.42.0.1", 18080))
    bundle = data_partition.bundle(demo.provision(folder / "village", plan).kiosk)
    tiny = image.load(tiny_image.build(folder))
    part = dataclasses.replace(tiny.partitions[image.DATA], size=DATA_SIZE)
    described = dataclasses.replace(tiny, partitions={image.DATA: part})
    empty = folder / "empty.ext4"

    def ours() -> None:
        for _ in range(KIOSKS):
            data_partition.partition(bundle, described)

    def theirs() -> None:
        for _ in range(KIOSKS):
            _run("mke2fs", "-q", "-t", "ext4", empty, f"{DATA_SIZE >> 20}M")
            empty.unlink()

    mine, other = _seconds(ours, empty), _seconds(theirs, empty)
    name = "ten kiosks' data partitions of 64 MB / ten empty ones by mke2fs"
    return (name, f"{mine:.1f} s", f"{other:.1f} s", mine / other, "")


def _seconds(work: Callable[[], None], target: Path) -> float:
    target.unlink(missing_ok=True)
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _run(*command: str | Path) -> None:
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    environment = {**os.environ, "PATH": path}
    subprocess.run(command, check=True, capture_output=True, env=environment)
