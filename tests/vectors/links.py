"""Vectors of padding, link keys, cells and the carry file."""

import hashlib
import struct

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.vectors.encoding import Fields, pad
from tests.vectors.keys import ID, OTHER_ID, seed_of

CELL, PLAINTEXT, UP_BODY, DOWN_BODY = 4096, 4068, 4046, 3876
KIOSK = bytes.fromhex("c0ffee00c0ffee00c0ffee00c0ffee00")
MASTER = seed_of("link master")
STATION_TIME = 1_795_305_600


def padding() -> Fields:
    """Section 1: the sizes of a report and its attachments, and padding to them."""
    sizes = {"icons": 2910, "voice": 31_232, "photo": 128_336}
    data = [b"", b"\x00", b"\x80", b"abc\x80\x00"]
    return {
        "section": "1",
        "sizes": sizes,
        "cases": [
            {"data": one.hex(), "size": 16, "hex": pad(one, 16).hex()} for one in (*data, bytes(15))
        ],
        "digests": [
            {"data": ID.hex(), "size": size, "sha256": hashlib.sha256(pad(ID, size)).hexdigest()}
            for size in sizes.values()
        ],
        "refused": [{"hex": one.hex()} for one in (b"", bytes(16), b"a\x80\x01", b"abc")],
    }


def link_keys() -> Fields:
    """Section 3: the keys of one kiosk's link."""
    return {
        "section": "3",
        "cases": [
            {
                "master": MASTER.hex(),
                "kiosk_id": kiosk.hex(),
                "generation": generation,
                "up": _link_key(kiosk, generation, "up").hex(),
                "down": _link_key(kiosk, generation, "down").hex(),
            }
            for kiosk, generation in ((KIOSK, 1), (KIOSK, 2), (KIOSK, 70_000), (bytes(16), 1))
        ],
    }


def cells(sealed_report: bytes, health: bytes, message: bytes) -> Fields:
    """Section 3: cells each way, with fixed nonces. All bodies are of true contents.

    `sealed_report` fills one cell up, `health` and `message` are padded already.
    """
    voice = bytes(n % 251 for n in range(UP_BODY))
    up = [
        _up("cover, with health", 1, _header(0, False, bytes(16), 0, 1), health),
        _up("cover, without", 2, _header(0, False, bytes(16), 0, 1), bytes(UP_BODY)),
        _up("icons of an urgent report", 3, _header(1, True, ID, 0, 1), sealed_report),
        _up("the fourth chunk of a voice", 4, _header(2, False, ID, 3, 8), voice),
        _up("the last chunk of a photo", 5, _header(3, True, OTHER_ID, 31, 32), voice),
    ]
    nothing = _header(0, False, bytes(16), 0, 1)
    stored = {"kind": 1, "report_id": ID.hex(), "index": 0, "status": 0}
    refused = {"kind": 3, "report_id": OTHER_ID.hex(), "index": 31, "status": 1}
    down = [
        _down("nothing to say", 11, [], nothing, bytes(DOWN_BODY)),
        _down("a receipt", 12, [stored], nothing, bytes(DOWN_BODY)),
        _down("eight receipts and a message", 13, [stored, refused] * 4,
              _header(5, False, ID, 0, 1), message),
    ]  # fmt: skip
    return {
        "section": "3",
        "up_key": _link_key(KIOSK, 1, "up").hex(),
        "down_key": _link_key(KIOSK, 1, "down").hex(),
        "up": up,
        "down": down,
        "refused_down": [
            _down("version 2", 21, [], nothing, bytes(DOWN_BODY), version=2),
            _down("nine receipts", 22, [], nothing, bytes(DOWN_BODY), count=9),
            _down("an unknown status", 23, [stored | {"status": 2}], nothing, bytes(DOWN_BODY)),
        ],
    }


def carry() -> Fields:
    """Section 8: a file each way, whose cell number i is 4096 bytes of value i."""
    return {
        "section": "8",
        "kiosk_id": KIOSK.hex(),
        "batch_number": ID.hex(),
        "cases": [
            _carry("up", f"homthu-{KIOSK.hex()}.up", b"HTCARRYU"),
            _carry("down", f"homthu-{KIOSK.hex()}.down", b"HTCARRYD"),
        ],
    }


def _link_key(kiosk: bytes, generation: int, way: str) -> bytes:
    info = kiosk + struct.pack(">I", generation) + way.encode()
    return HKDF(SHA256(), 32, salt=None, info=info).derive(MASTER)


def _header(kind: int, urgent: bool, report_id: bytes, index: int, count: int) -> Fields:
    return {
        "kind": kind,
        "urgent": urgent,
        "report_id": report_id.hex(),
        "index": index,
        "count": count,
    }


def _packed(header: Fields) -> bytes:
    return struct.pack(
        ">BB16sHH",
        header["kind"],
        int(header["urgent"]),
        bytes.fromhex(header["report_id"]),
        header["index"],
        header["count"],
    )


def _nonce(number: int) -> bytes:
    return seed_of(f"nonce {number}")[:12]


def _sealed(key: bytes, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
    assert len(plaintext) == PLAINTEXT
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, plaintext, associated)


def _up(name: str, number: int, header: Fields, body: bytes) -> Fields:
    plaintext = _packed(header) + body
    cell = _sealed(_link_key(KIOSK, 1, "up"), _nonce(number), plaintext, b"")
    return {
        "name": name,
        "header": header,
        "body": _without_zeros(body),
        "plaintext": _without_zeros(plaintext),
        "cell": cell.hex(),
    }


def _receipt(fields: Fields) -> bytes:
    report_id = bytes.fromhex(fields["report_id"])
    return struct.pack(">B16sHB", fields["kind"], report_id, fields["index"], fields["status"])


def _down(
    name: str,
    number: int,
    receipts: list[Fields],
    header: Fields,
    body: bytes,
    version: int = 1,
    count: int | None = None,
) -> Fields:
    packed = b"".join(map(_receipt, receipts))
    plaintext = (
        bytes([version, len(receipts) if count is None else count])
        + packed.ljust(8 * 20, b"\0")
        + struct.pack(">Q", STATION_TIME)
        + _packed(header)
        + body
    )
    up_nonce = _nonce(number + 100)
    cell = _sealed(_link_key(KIOSK, 1, "down"), _nonce(number), plaintext, up_nonce)
    return {
        "name": name,
        "up_nonce": up_nonce.hex(),
        "receipts": receipts,
        "station_time": STATION_TIME,
        "header": header,
        "body": _without_zeros(body),
        "plaintext": _without_zeros(plaintext),
        "cell": cell.hex(),
    }


def _carry(way: str, file_name: str, magic: bytes) -> Fields:
    content = magic + KIOSK + ID + b"".join(bytes([n]) * CELL for n in range(256))
    digest = hashlib.sha256(content).digest()
    return {
        "way": way,
        "file_name": file_name,
        "bytes": len(content + digest),
        "head": content[:40].hex(),
        "digest": digest.hex(),
    }


def _without_zeros(data: bytes) -> str:
    return data.rstrip(b"\0").hex()
