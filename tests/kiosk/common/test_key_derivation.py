"""Argon2id: the cost is the one that earlier releases used, and nothing outside can lower it."""

import re
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from kiosk.common import key_derivation, passphrase
from kiosk.common.key_derivation import REAL, KeyDerivation
from kiosk.protocol.picture_code import answer_box, check_picture, pictures
from tests.remembered import REMEMBERED

ROOT = Path(__file__).parents[3]
PRODUCT = ("audio", "images", "kiosk", "provisioning", "ui", "uplink")
LOCKED_BY_AN_EARLIER_RELEASE = bytes.fromhex(
    "686f6d746875206c6f636b6564207631414cca7e4a8122fc2098940f056abee6"
    "fd92f7df46c1c317cc600b028916f135324d7c2706074f4a776edcdd0aaf28d023"
)
KEY_OF_AN_EARLIER_RELEASE = "29e68ee38c1dc96fdfc820e5f7816fee87cfe324ba542907b48a190ba0945300"
BOX_OF_AN_EARLIER_RELEASE = "408757e4164d5e0163cd140ef9af012d"


def test_keys_locks_and_answer_boxes_are_those_of_earlier_releases() -> None:
    key = passphrase.key_of("rừng già và suối trong", bytes(range(16)))
    assert key.hex() == KEY_OF_AN_EARLIER_RELEASE
    assert passphrase.unlock(LOCKED_BY_AN_EARLIER_RELEASE, "271828") == b"staff"
    five = pictures()[:5]
    box = answer_box((*five, check_picture(five)), bytes(range(32)), b"\x5a" * 16)
    assert box.public.key_id.hex() == BOX_OF_AN_EARLIER_RELEASE


class Cheap(KeyDerivation):
    """What no program may accept: a key for nothing."""

    def derive(self, password: bytes, salt: bytes, secret: bytes | None = None) -> bytes:
        return (password + salt).ljust(32)[:32]


def test_a_lock_made_at_another_cost_does_not_open() -> None:
    locked = passphrase.lock(b"staff", "271828", Cheap())
    with pytest.raises(InvalidTag):
        passphrase.unlock(locked, "271828")


def test_one_module_alone_states_the_cost_and_it_reads_nothing() -> None:
    """None calls Argon2id itself or makes another derivation; no setting reaches the cost."""
    sources = {
        path: path.read_text("utf-8")
        for folder in PRODUCT
        for path in (ROOT / folder).rglob("*.py")
    }
    own = Path(key_derivation.__file__)
    calling = {
        p for p, text in sources.items() if re.search(r"kdf\.argon2|\(KeyDerivation\):", text)
    }
    assert calling == {own}
    imports = re.findall(r"^(?:from|import) (\S+)", sources[own], re.MULTILINE)
    assert imports == ["cryptography.hazmat.primitives.kdf.argon2"]
    assert "tests.remembered" not in "".join(sources.values())


def test_what_is_remembered_is_what_the_real_cost_gave() -> None:
    for secret in (None, b"a card's own"):
        asked = b"passphrase", b"salt of 16 bytes", secret
        assert REMEMBERED.derive(*asked) == REMEMBERED.derive(*asked) == REAL.derive(*asked)
