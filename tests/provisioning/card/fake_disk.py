"""A card in memory that can be pulled, worn out, or lie about its size."""

import errno


class FakeDisk:
    """`size` bytes, of which `true_size` exist; what is written beyond follows `beyond`.

    `beyond` is "wraps" (addresses count modulo the true size) or "nothing" (writes are lost).
    """

    def __init__(self, size: int, true_size: int | None = None, beyond: str = "nothing") -> None:
        self.size = size
        self.content = bytearray(true_size or size)
        self.written = 0
        self.pulled_after: int | None = None
        self.worn_at: int | None = None
        self._wraps = beyond == "wraps"

    def read(self, offset: int, length: int) -> bytes:
        length = max(0, min(length, self.size - offset))
        true = len(self.content)
        if self._wraps:
            offset %= true
        found = bytes(self.content[offset : offset + length])
        return found.ljust(length, b"\xff")

    def write(self, offset: int, data: bytes) -> None:
        if self.pulled_after is not None and self.written + len(data) > self.pulled_after:
            raise OSError(errno.EIO, "Input/output error")
        self.written += len(data)
        true = len(self.content)
        if self._wraps:
            offset %= true
        if self.worn_at is not None and offset <= self.worn_at < offset + len(data):
            flipped = self.worn_at - offset
            data = data[:flipped] + bytes([data[flipped] ^ 1]) + data[flipped + 1 :]
        fits = max(0, true - offset)
        self.content[offset : offset + len(data[:fits])] = data[:fits]

    def sync(self) -> None:
        """Everything is there at once."""

    def forget(self) -> None:
        """Nothing is remembered elsewhere."""
