"""A disk that loses, tears and zeroes what was not synced when the power goes.

An apsw VFS keeps beside each real file what of it is durable. SQLite's own file stands for the
page cache, which outlives a process but not a power cut.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

import apsw

from tests.sim.connections import Connection, DbApiConnection, translated
from tests.sim.faults import Sickness

SECTOR = 512
FAILS, RECOVERS = 0.02, 0.2
"""Of a failing disk, the chances that operations begin to fail, and to succeed again."""

Write = tuple[int, bytes] | int
"""Bytes at an offset, or the length that a file was cut to."""


class Crash(BaseException):
    """The process is gone: nothing in it may catch this."""


class Disk:
    """One folder on a disk of its own; `close` it, or the VFS stays registered.

    After `arm(n)` the n-th operation from then on crashes, and so does every later one until the
    disk is used again after `kill` or `power_cut`.
    """

    def __init__(self, folder: Path, random: Random) -> None:
        self.folder = folder
        self.sickness: Sickness | None = None
        self._stuck = False
        self._random = random
        self._left: int | None = None
        self._safe: dict[str, bytearray] = {}
        self._unsynced: dict[str, list[Write]] = {}
        self._unlinked: set[str] = set()
        self._vfs = _Vfs(self, f"disk {id(self)}")
        self._open: list[Connection] = []
        for path in folder.iterdir():
            self._safe[str(path)] = bytearray(path.read_bytes())
            self._unsynced[str(path)] = []

    def close(self) -> None:
        """Release everything."""
        self.kill(self._open)
        self._vfs.unregister()

    def open(self, kind: type[Connection], path: Path, mode: str) -> Any:
        """A connection to a file on this disk; `mode` is "rw" or "rwc"."""
        flags = apsw.SQLITE_OPEN_READWRITE | (apsw.SQLITE_OPEN_CREATE if mode == "rwc" else 0)
        with translated():
            connection = kind(apsw.Connection(str(path), flags, self._vfs.name))
        self._open.append(connection)
        return connection

    def arm(self, operations: int) -> None:
        """Crash at the operation of this number, counted from 1."""
        self._left = operations

    def disarm(self) -> None:
        """Do not crash any more."""
        self._left = None

    @contextmanager
    def sound(self) -> Iterator[None]:
        """No fault meets whoever only looks."""
        left, sickness = self._left, self.sickness
        self._left = self.sickness = None
        yield
        self._left, self.sickness = left, sickness

    def kill(self, connections: Iterable[Connection]) -> None:
        """End a process: what it wrote stays, its transaction does not."""
        self._left = 0
        for connection in connections:
            with suppress(Crash, apsw.Error):
                connection.close()
        self._left = None

    def power_cut(self) -> None:
        """End every process and lose what was not synced."""
        self.kill(self._open)
        self._open.clear()
        survivors = {name: self._survivor(name) for name in self._safe if self._survives(name)}
        for path in self.folder.iterdir():
            path.unlink()
        for name, content in survivors.items():
            Path(name).write_bytes(content)
        self._safe = survivors
        self._unsynced = {name: [] for name in survivors}
        self._unlinked.clear()

    def _survives(self, name: str) -> bool:
        return name not in self._unlinked or self._random.random() < 0.5

    def _survivor(self, name: str) -> bytearray:
        content = bytearray(self._safe[name])
        for write in self._unsynced[name]:
            if isinstance(write, int):
                _apply(content, [write] if self._random.random() < 0.5 else [])
            else:
                _apply(content, self._torn(*write))
        return content

    def _torn(self, offset: int, data: bytes) -> Iterator[tuple[int, bytes]]:
        """What of one write reaches the card: all, none, some sectors, or zeros."""
        fate = self._random.choice(("all", "none", "some", "some", "zeros"))
        for start in range(0, len(data), SECTOR):
            sector = data[start : start + SECTOR]
            if fate == "zeros":
                yield offset + start, bytes(len(sector))
            elif fate == "all" or (fate == "some" and self._random.random() < 0.5):
                yield offset + start, sector

    def _operate(self) -> None:
        if self._left is not None:
            self._left -= 1
            if self._left <= 0:
                self._left = 0
                raise Crash

    def _change(self) -> None:
        self._operate()
        if self.sickness is Sickness.READ_ONLY:
            raise apsw.IOError("read-only file system")
        self._fail_by_chance()

    def _fail_by_chance(self) -> None:
        failing = self.sickness is Sickness.FAILING
        if failing and self._random.random() < (RECOVERS if self._stuck else FAILS):
            self._stuck = not self._stuck
        if self.sickness is Sickness.GONE or (failing and self._stuck):
            raise apsw.IOError("input/output error")

    def reading(self) -> None:
        """About to read a file."""
        self._fail_by_chance()

    def opened(self, name: str) -> None:
        """A file is there, or there again."""
        if name in self._unlinked or name not in self._safe:
            self._unlinked.discard(name)
            self._safe[name], self._unsynced[name] = bytearray(), []

    def wrote(self, name: str, write: Write) -> None:
        """About to write or cut a file."""
        self._change()
        if self.sickness is Sickness.FULL and not isinstance(write, int):
            end = write[0] + len(write[1])
            if end > Path(name).stat().st_size:
                raise apsw.FullError
        self._unsynced[name].append(write)

    def synced(self, name: str) -> None:
        """About to make a file durable; older unlinking becomes durable with it.

        As on Linux, what a failed sync did not write is never written later either.
        """
        try:
            self._change()
        except apsw.IOError:
            self._safe[name], self._unsynced[name] = self._survivor(name), []
            raise
        for gone in self._unlinked:
            self._forget(gone)
        self._unlinked.clear()
        _apply(self._safe[name], self._unsynced[name])
        self._unsynced[name] = []

    def deleted(self, name: str, durably: bool) -> None:
        """About to unlink a file."""
        self._change()
        if durably:
            self._forget(name)
        elif name in self._safe:
            self._unlinked.add(name)

    def _forget(self, name: str) -> None:
        self._safe.pop(name, None)
        self._unsynced.pop(name, None)


class Process:
    """What one process has open on a disk."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._open: list[Connection] = []

    def connect(self, path: Path, mode: str) -> Any:
        """A connection like sqlite3's."""
        self._open.append(self._disk.open(Connection, path, mode))
        return self._open[-1]

    def connect_dbapi(self, path: Path) -> Any:
        """A connection for SQLAlchemy."""
        self._open.append(self._disk.open(DbApiConnection, path, "rwc"))
        return self._open[-1]

    def kill(self) -> None:
        """End without a word."""
        self._disk.kill(self._open)


class _Vfs(apsw.VFS):
    def __init__(self, disk: Disk, name: str) -> None:
        self.name = name
        self._disk = disk
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        return _File(self._disk, name, flags)

    def xDelete(self, name: str, durably: bool) -> None:
        self._disk.deleted(name, durably)
        super().xDelete(name, durably)


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._disk = disk
        self._name = name if isinstance(name, str) else name.filename()
        disk.opened(self._name)

    def xRead(self, amount: int, offset: int) -> bytes:
        self._disk.reading()
        return super().xRead(amount, offset)

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.wrote(self._name, (offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        self._disk.wrote(self._name, size)
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        self._disk.synced(self._name)


def _apply(content: bytearray, writes: Iterable[Write]) -> None:
    for write in writes:
        if isinstance(write, int):
            del content[write:]
        else:
            offset, data = write
            content.extend(bytes(max(0, offset - len(content))))
            content[offset : offset + len(data)] = data
