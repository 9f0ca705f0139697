"""Padding, link keys and cells are those of docs/vectors."""

import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from kiosk.common.errors import CellError, ReportError
from kiosk.protocol import cells
from kiosk.protocol.cells import Chunk, DownCell, Header, LinkKeys, Receipt, Status
from kiosk.protocol.report import ATTACHMENT_PLAINTEXTS, ICON_PLAINTEXT, pad, unpad
from kiosk.protocol.sealing import OVERHEAD
from tests.vectors import load

PADDING = load("padding")
CELLS = load("cells")
KEYS = LinkKeys(bytes.fromhex(CELLS["up_key"]), bytes.fromhex(CELLS["down_key"]))


def header_of(fields: dict[str, Any]) -> Header:
    return Header(**fields | {"report_id": bytes.fromhex(fields["report_id"])})


def chunk_of(case: dict[str, Any], size: int) -> Chunk:
    return Chunk(header_of(case["header"]), filled(case["body"], size))


def receipt_of(fields: dict[str, Any]) -> Receipt:
    report_id = bytes.fromhex(fields["report_id"])
    return Receipt(fields["kind"], report_id, fields["index"], Status(fields["status"]))


def down_of(case: dict[str, Any]) -> DownCell:
    receipts = tuple(map(receipt_of, case["receipts"]))
    return DownCell(receipts, case["station_time"], chunk_of(case, 3876))


def filled(data: str, size: int) -> bytes:
    return bytes.fromhex(data).ljust(size, b"\0")


def opened(key: bytes, cell: bytes, associated: bytes) -> bytes:
    return ChaCha20Poly1305(key).decrypt(cell[:12], cell[12:], associated)


def test_parts_are_padded_to_the_sizes_of_the_vectors() -> None:
    sizes = PADDING["sizes"]
    assert (ICON_PLAINTEXT, *ATTACHMENT_PLAINTEXTS) == (*sizes.values(),)
    assert [(size + OVERHEAD) / 4046 for size in sizes.values()] == [1, 8, 32]
    for case in PADDING["digests"]:
        padded = pad(bytes.fromhex(case["data"]), case["size"])
        assert hashlib.sha256(padded).hexdigest() == case["sha256"]


def test_padding_is_that_of_the_vectors() -> None:
    for case in PADDING["cases"]:
        data, padded = bytes.fromhex(case["data"]), bytes.fromhex(case["hex"])
        assert pad(data, case["size"]) == padded
        assert unpad(padded) == data
    for case in PADDING["refused"]:
        with pytest.raises(ReportError):
            unpad(bytes.fromhex(case["hex"]))


@pytest.mark.parametrize("case", load("link_keys")["cases"])
def test_link_keys_are_those_of_the_vectors(case: dict[str, Any]) -> None:
    master, kiosk_id = bytes.fromhex(case["master"]), bytes.fromhex(case["kiosk_id"])
    keys = LinkKeys.derive(master, kiosk_id, case["generation"])
    assert (keys.up.hex(), keys.down.hex()) == (case["up"], case["down"])


@pytest.mark.parametrize("case", CELLS["up"], ids=lambda case: case["name"])
def test_a_cell_up_is_written_and_read_as_its_vector_says(case: dict[str, Any]) -> None:
    chunk = chunk_of(case, 4046)
    assert cells.open_up(KEYS, bytes.fromhex(case["cell"])) == chunk
    cell = cells.seal_up(KEYS, chunk)
    assert len(cell) == len(bytes.fromhex(case["cell"])) == 4096
    assert opened(KEYS.up, cell, b"") == filled(case["plaintext"], 4068)


@pytest.mark.parametrize("case", CELLS["down"], ids=lambda case: case["name"])
def test_a_cell_down_is_written_and_read_as_its_vector_says(case: dict[str, Any]) -> None:
    nonce, down = bytes.fromhex(case["up_nonce"]), down_of(case)
    assert cells.open_down(KEYS, nonce, bytes.fromhex(case["cell"])) == down
    cell = cells.seal_down(KEYS, nonce, down)
    assert len(cell) == len(bytes.fromhex(case["cell"])) == 4096
    assert opened(KEYS.down, cell, nonce) == filled(case["plaintext"], 4068)


@pytest.mark.parametrize("case", CELLS["refused_down"], ids=lambda case: case["name"])
def test_a_cell_down_of_another_form_is_refused(case: dict[str, Any]) -> None:
    nonce, cell = bytes.fromhex(case["up_nonce"]), bytes.fromhex(case["cell"])
    assert opened(KEYS.down, cell, nonce) == filled(case["plaintext"], 4068)
    with pytest.raises(CellError):
        cells.open_down(KEYS, nonce, cell)


def test_a_sealed_report_fills_one_cell() -> None:
    (icons,) = (case for case in CELLS["up"] if case["name"].startswith("icons"))
    sealed = bytes.fromhex(load("seal")["cases"][0]["sealed"])
    header = header_of(icons["header"])
    (chunk,) = cells.cut(header.kind, header.urgent, header.report_id, sealed)
    assert chunk == chunk_of(icons, 4046)
