"""The picture code: five pictures to remember and a check picture, and the answer box behind them.

A code opens answers at the kiosk where it was made and nowhere else: the key pair of its answer box
comes from the pictures *and* from a secret of that kiosk, one for its screen and one for phones.
"""

import hashlib
import secrets
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import TypeGuard

from kiosk.common.key_derivation import REAL, KeyDerivation
from kiosk.protocol.sealing import StationPrivateKey

CHOSEN = 5
LENGTH = CHOSEN + 1
CODE_KEY_BYTES = 32
TRIES, TRIES_S = 5, 600.0
"""So many codes that open nothing may be tried in so many seconds, at each door of a kiosk."""

_FIELD_BITS = 6
_FIELD_POLYNOMIAL = 0b1000011
_EXPANDED_BYTES = 96

Code = tuple[str, ...]


@cache
def families() -> dict[str, tuple[str, ...]]:
    """The eight pictures of each of the eight families, in the order in which they are shown."""
    text = resources.files("kiosk.protocol").joinpath("picture_code.toml").read_text("utf-8")
    return {name: tuple(pictures) for name, pictures in tomllib.loads(text)["families"].items()}


@cache
def pictures() -> tuple[str, ...]:
    """All 64 pictures; a picture's place is its number."""
    return tuple(picture for family in families().values() for picture in family)


def strings() -> frozenset[str]:
    """The ids of the strings that name families and pictures."""
    return frozenset({f"family.{f}" for f in families()} | {f"pic.{p}" for p in pictures()})


def tiles() -> frozenset[str]:
    """The names of their pictures."""
    return frozenset({f"family_{f}" for f in families()} | {f"pic_{p}" for p in pictures()})


def new_code() -> Code:
    """Five different pictures at random, and their check picture."""
    chosen = secrets.SystemRandom().sample(pictures(), CHOSEN)
    return (*chosen, check_picture(chosen))


def check_picture(chosen: Sequence[str]) -> str:
    """The picture that follows from the five.

    A check symbol over GF(64) with the generator of x^6 + x + 1, as in a Reed-Solomon code: any
    one picture that is wrong, and any two that changed places, give another one.
    """
    check = 0
    for picture in chosen:
        check = _doubled(check) ^ _doubled(pictures().index(picture))
    return pictures()[check]


def is_consistent(code: Code) -> bool:
    """Whether the last picture of six is the check picture of the others."""
    return len(code) == LENGTH and check_picture(code[:CHOSEN]) == code[CHOSEN]


def is_code(value: object) -> TypeGuard[list[str]]:
    """Whether this is a list of six pictures, right or wrong."""
    return (
        isinstance(value, list)
        and len(value) == LENGTH
        and all(isinstance(picture, str) and picture in pictures() for picture in value)
    )


def answer_box(
    code: Code, code_key: bytes, kiosk_id: bytes, derivation: KeyDerivation = REAL
) -> StationPrivateKey:
    """The key pair to which answers are sealed; the id of the box is its public key's id.

    Argon2id (RFC 9106; 64 MiB, 3 passes, 1 lane) of the names of the five pictures, salted with
    the id of the kiosk and keyed with its `code_key`; the 32 bytes are expanded with SHAKE256 as
    X-Wing does with its seed (draft-connolly-cfrg-xwing-kem, 5.2). Takes a third of a second.
    """
    pictures = " ".join(code[:CHOSEN]).encode()
    return expanded(derivation.derive(pictures, kiosk_id, code_key))


def expanded(seed: bytes) -> StationPrivateKey:
    """The key pair of a 32-byte X-Wing seed."""
    return StationPrivateKey.from_seed(hashlib.shake_256(seed).digest(_EXPANDED_BYTES))


def _doubled(value: int) -> int:
    """Multiplied by the generator of GF(64)."""
    value <<= 1
    return value ^ _FIELD_POLYNOMIAL if value >> _FIELD_BITS else value
