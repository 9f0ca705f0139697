"""Vectors of what is sealed, of picture codes and their answer boxes, and of locked files.

Sealing takes random bytes. What was sealed once is therefore kept, as long as it still opens.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

import cryptography_vectors
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PublicKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.vectors.encoding import Fields
from tests.vectors.keys import ANSWER_BOX, ID, PHONE, STATION, SUITE, KeyPair, seed_of

KIOSK = bytes.fromhex("c0ffee00c0ffee00c0ffee00c0ffee00")
SERIAL = "10000000abcdef01"
CODES = (
    ("buffalo", "dog", "pig", "rooster", "horse"),
    ("helicopter", "train", "tractor", "plane", "motorbike"),
    ("tiger", "sun", "pot", "car", "corn"),
)
PASSPHRASE = "sáu từ để mở khóa này"
OFFICIAL = "HPKE/hpke-pq-test-vectors.json"


def seal(old: Any, report: bytes, answer: bytes) -> Fields:
    """Sections 2 and 11, for the padded `report` and `answer`; `old` is the present file or {}."""
    kept = {case["name"]: case for case in old.get("cases", ())}
    key_id = STATION.key_id
    wish = json.dumps({"key": "", "code": []}, separators=(",", ":")).ljust(2048).encode()
    told = json.dumps({"code": [], "key": "", "answers": [], "locked": False}).ljust(8192).encode()
    cases = [
        ("icons", STATION, b"homthu seal v1\x01" + key_id, report),
        ("voice", STATION, b"homthu seal v1\x02" + key_id, b"a voice, not padded here"),
        ("photo", STATION, b"homthu seal v1\x03" + key_id, b"a photo, not padded here"),
        ("answer", ANSWER_BOX, b"homthu answer v1" + ANSWER_BOX.key_id, answer),
        ("link master", STATION, b"homthu link master v1" + key_id, seed_of("link master")),
        ("code wish", STATION, b"homthu code wish v1" + key_id, wish),
        ("code told", PHONE, b"homthu code told v1" + key_id, told),
    ]
    return {
        "section": "2 and 11",
        "recipients": {
            name: {
                "xwing_seed": pair.seed.hex(),
                "private_key": pair.expanded.hex(),
                "public_key": pair.public.hex(),
                "key_id": pair.key_id.hex(),
            }
            for name, pair in (("station", STATION), ("answer box", ANSWER_BOX), ("phone", PHONE))
        },
        "cases": [_sealed(*case, kept.get(case[0])) for case in cases],
    }


def phone(sealed_report: bytes) -> Fields:
    """Section 11: the body of `/r`."""
    return {
        "section": "11",
        "cases": [
            {
                "name": name,
                "kind": 1,
                "urgent": urgent,
                "report_id": ID.hex(),
                "hex": (bytes([1, urgent]) + ID + sealed_report).hex(),
            }
            for name, urgent in (("icons", False), ("urgent icons", True))
        ],
        "refused": [
            {"name": "an unknown flag", "hex": (bytes([1, 2]) + ID + sealed_report).hex()},
            {"name": "one byte too short", "hex": (bytes([1, 0]) + ID + sealed_report[1:]).hex()},
        ],
    }


def picture_code(pictures: list[str]) -> Fields:
    """Section 2, "Answer box", of the 64 `pictures` in their order."""
    code_key = seed_of("code.key")
    seed = Argon2id(
        salt=KIOSK, length=32, iterations=3, lanes=1, memory_cost=65_536, secret=code_key
    ).derive(" ".join(CODES[0]).encode())
    box = KeyPair(seed)
    bound = HKDF(SHA256(), 32, salt=SERIAL.encode(), info=b"homthu bound to the board v1")
    return {
        "section": "2, Answer box",
        "pictures": pictures,
        "codes": [
            {"chosen": [*chosen], "check": pictures[_check([*map(pictures.index, chosen)])]}
            for chosen in CODES
        ],
        "boxes": [
            {
                "chosen": [*CODES[0]],
                "kiosk_id": KIOSK.hex(),
                "code_key": code_key.hex(),
                "xwing_seed": seed.hex(),
                "private_key": box.expanded.hex(),
                "public_key": box.public.hex(),
                "box_id": box.key_id.hex(),
            }
        ],
        "bound_to_board": [
            {"code_key": code_key.hex(), "serial": SERIAL, "bound": bound.derive(code_key).hex()}
        ],
    }


def at_rest() -> Fields:
    """Section 7: a locked file and the smallest backup stream."""
    salt, nonce = seed_of("salt")[:16], seed_of("locked nonce")[:12]
    aead = ChaCha20Poly1305(_argon2id(salt))
    secret = STATION.expanded
    locked_magic, backup_magic = b"homthu locked v1", b"homthu backup v1"
    locked = locked_magic + salt + nonce + aead.encrypt(nonce, secret, locked_magic)
    content = b"one chunk, the last"
    chunk = aead.encrypt(bytes(11) + b"\x01", content, backup_magic)
    return {
        "section": "7",
        "passphrase": PASSPHRASE,
        "locked": {"hex": locked.hex(), "plaintext": secret.hex()},
        "backup": {"hex": (backup_magic + salt + chunk).hex(), "plaintext": content.hex()},
    }


def hpke() -> Fields:
    """The official vectors of the suite: as they are, with the first of their encryptions."""
    with cryptography_vectors.open_vector_file(OFFICIAL, "r") as file:
        vectors = json.load(file)
    ours = [v for v in vectors if (v["mode"], v["kem_id"], v["aead_id"]) == (0, 0x647A, 3)]
    return {
        "source": f"{OFFICIAL} of the Python package cryptography_vectors "
        "(https://github.com/pyca/cryptography, Apache-2.0 OR BSD-3-Clause), which takes them "
        "from draft-ietf-hpke-pq",
        "vectors": [vector | {"encryptions": vector["encryptions"][:1]} for vector in ours],
    }


def pictures_of(path: Path) -> list[str]:
    """The 64 pictures in the file of families."""
    families = tomllib.loads(path.read_text("utf-8"))["families"]
    return [picture for family in families.values() for picture in family]


def _sealed(name: str, to: KeyPair, info: bytes, plaintext: bytes, old: Any) -> Fields:
    sealed = bytes.fromhex(old["sealed"]) if old else b""
    try:
        opened = SUITE.decrypt(sealed, to.private, info)
    except (InvalidTag, ValueError):
        opened = b""
    if opened != plaintext:
        public = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(to.public[:1184]),
            X25519PublicKey.from_public_bytes(to.public[1184:]),
        )
        sealed = SUITE.encrypt(plaintext, public, info)
    recipient = {STATION: "station", ANSWER_BOX: "answer box", PHONE: "phone"}[to]
    return {
        "name": name,
        "recipient": recipient,
        "info": info.hex(),
        "plaintext": plaintext.hex(),
        "sealed": sealed.hex(),
    }


def _check(numbers: list[int]) -> int:
    """Sum of number i times x^(6-i), i = 1 to 5, over GF(64) reduced by x^6 + x + 1."""
    total = 0
    for place, number in enumerate(numbers, start=1):
        term = number
        for _ in range(6 - place):
            term <<= 1
            if term >> 6:
                term ^= 0b1000011
        total ^= term
    return total


def _argon2id(salt: bytes) -> bytes:
    kdf = Argon2id(salt=salt, length=32, iterations=3, lanes=1, memory_cost=65_536)
    return kdf.derive(PASSPHRASE.encode())
