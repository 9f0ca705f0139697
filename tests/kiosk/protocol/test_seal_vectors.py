"""What is sealed, answer boxes and locked files open as docs/vectors says."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kiosk.common import passphrase
from kiosk.common.errors import SealError
from kiosk.common.sealed_file import OpeningReader
from kiosk.device.hardware_key import bound
from kiosk.protocol import picture_code
from kiosk.protocol.sealing import (
    StationPrivateKey,
    StationPublicKey,
    seal,
    seal_answer,
    seal_link_master,
    seal_told,
)
from tests.vectors import load

SEAL = load("seal")
CODES = load("picture_code")
AT_REST = load("at_rest")
SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
PRIVATE = {
    name: StationPrivateKey.from_seed(bytes.fromhex(keys["private_key"]))
    for name, keys in SEAL["recipients"].items()
}
SERVER = PRIVATE["station"].public

OPENED: dict[str, Callable[[StationPrivateKey, bytes], bytes]] = {
    "icons": lambda key, sealed: key.open(1, sealed),
    "voice": lambda key, sealed: key.open(2, sealed),
    "photo": lambda key, sealed: key.open(3, sealed),
    "answer": StationPrivateKey.open_answer,
    "link master": StationPrivateKey.open_link_master,
    "code wish": StationPrivateKey.open_wish,
}
SEALED: dict[str, Callable[[bytes, StationPublicKey], bytes]] = {
    "icons": lambda data, key: seal(1, data, key),
    "voice": lambda data, key: seal(2, data, key),
    "photo": lambda data, key: seal(3, data, key),
    "answer": seal_answer,
    "link master": seal_link_master,
    "code told": lambda data, key: seal_told(data, key, SERVER),
}


def test_all_that_is_sealed_is_in_the_vectors() -> None:
    assert {case["name"] for case in SEAL["cases"]} == {*OPENED, *SEALED}


@pytest.mark.parametrize("name", SEAL["recipients"])
def test_key_pairs_are_those_of_the_vectors(name: str) -> None:
    keys = SEAL["recipients"][name]
    pair = picture_code.expanded(bytes.fromhex(keys["xwing_seed"]))
    assert pair.seed.hex() == keys["private_key"]
    assert pair.public.raw.hex() == keys["public_key"]
    assert pair.public.key_id.hex() == keys["key_id"]


@pytest.mark.parametrize("case", SEAL["cases"], ids=lambda case: case["name"])
def test_what_is_sealed_in_the_vectors_opens(case: dict[str, Any]) -> None:
    key, sealed = PRIVATE[case["recipient"]], bytes.fromhex(case["sealed"])
    plaintext, info = bytes.fromhex(case["plaintext"]), bytes.fromhex(case["info"])
    assert len(sealed) == len(plaintext) + 1136
    assert SUITE.decrypt(sealed, key._key, info) == plaintext
    for name, open_as in OPENED.items():
        if name == case["name"]:
            assert open_as(key, sealed) == plaintext
        else:
            with pytest.raises(SealError):
                open_as(key, sealed)


@pytest.mark.parametrize("case", SEAL["cases"], ids=lambda case: case["name"])
def test_what_we_seal_opens_with_the_vector_s_info(case: dict[str, Any]) -> None:
    if case["name"] not in SEALED:
        assert case["name"] == "code wish", "a phone seals it"
        return
    key, plaintext = PRIVATE[case["recipient"]], bytes.fromhex(case["plaintext"])
    sealed = SEALED[case["name"]](plaintext, key.public)
    assert SUITE.decrypt(sealed, key._key, bytes.fromhex(case["info"])) == plaintext


def test_pictures_keep_their_numbers() -> None:
    assert [*picture_code.pictures()] == CODES["pictures"]


def test_check_pictures_are_those_of_the_vectors() -> None:
    for case in CODES["codes"]:
        assert picture_code.check_picture(case["chosen"]) == case["check"]


@pytest.mark.parametrize("case", CODES["boxes"])
def test_an_answer_box_is_that_of_its_vector(case: dict[str, Any]) -> None:
    code_key, kiosk_id = bytes.fromhex(case["code_key"]), bytes.fromhex(case["kiosk_id"])
    box = picture_code.answer_box((*case["chosen"], ""), code_key, kiosk_id)
    assert box.seed.hex() == case["private_key"]
    assert box.public.raw.hex() == case["public_key"]
    assert box.public.key_id.hex() == case["box_id"]


def test_a_key_is_bound_to_its_board_as_its_vector_says(tmp_path: Path) -> None:
    board = tmp_path / "serial-number"
    for case in CODES["bound_to_board"]:
        board.write_text(case["serial"] + "\0", "ascii")
        assert bound(bytes.fromhex(case["code_key"]), board).hex() == case["bound"]


def test_a_locked_file_opens() -> None:
    locked, secret = (bytes.fromhex(AT_REST["locked"][name]) for name in ("hex", "plaintext"))
    assert passphrase.unlock(locked, AT_REST["passphrase"]) == secret


def test_a_backup_opens() -> None:
    backup, content = (bytes.fromhex(AT_REST["backup"][name]) for name in ("hex", "plaintext"))
    assert OpeningReader(io.BytesIO(backup), AT_REST["passphrase"]).readall() == content
