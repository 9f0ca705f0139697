"""A key of the card that opens nothing without the board it was first used in.

The board's serial number has some 32 random bits: few, but a thief who has the card alone must try
them all for each guess of what else the key is made from.
"""

from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_LABEL = b"homthu bound to the board v1"


def bound(key: bytes, board: Path) -> bytes:
    """HKDF-SHA256 of `key`, as long as it, and the serial number in the file `board`.

    The key itself on a machine that has no such number.
    """
    try:
        serial = board.read_bytes().strip(b"\0 \n")
    except OSError:
        serial = b""
    if not serial:
        return key
    return HKDF(SHA256(), length=len(key), salt=serial, info=_LABEL).derive(key)
