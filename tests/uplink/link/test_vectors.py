"""Health and the carry file are those of docs/vectors."""

from pathlib import Path
from typing import Any

import pytest

from kiosk.common.errors import MessageError
from kiosk.protocol.cells import Header
from tests.vectors import load
from tests.vectors.encoding import pad, value_of
from uplink.link import carry_file, health_report
from uplink.link.carry_file import Batch, Way
from uplink.link.health_report import BoxLevel, Health

HEALTH = load("health")
CARRY = load("carry")


def health_of(fields: dict[str, Any]) -> Health:
    named = {name: value for name, value in value_of(fields).items() if name != "version"}
    done = named["done"]
    return Health(
        **named
        | {
            "done": tuple(done[at : at + 16] for at in range(0, len(done), 16)),
            "missing": {message_id: numbers(bits) for message_id, bits in named["missing"]},
            "gates": tuple(map(BoxLevel, named["gates"])),
            "states": tuple(named["states"]),
            "errors": tuple(named["errors"]),
        }
    )


def numbers(bits: bytes) -> tuple[int, ...]:
    """The places of the ones, lowest first."""
    return tuple(n for n in range(8 * len(bits)) if bits[n // 8] >> n % 8 & 1)


@pytest.mark.parametrize("case", HEALTH["cases"], ids=lambda case: case["name"])
def test_health_is_written_and_read_as_its_vector_says(case: dict[str, Any]) -> None:
    health = health_of(case["fields"])
    body = pad(bytes.fromhex(case["hex"]), HEALTH["padded_to"])
    chunk = health.chunk()
    assert chunk.body.hex() == body.hex()
    assert chunk.header == Header(0, False, bytes(16), 0, 1)
    assert health_report.decode(body) == health


def test_what_a_later_version_adds_is_ignored() -> None:
    for case in HEALTH["read_only"]:
        body = pad(bytes.fromhex(case["hex"]), HEALTH["padded_to"])
        assert health_report.decode(body) == health_of(case["fields"])


@pytest.mark.parametrize("case", HEALTH["refused"], ids=lambda case: case["name"])
def test_other_health_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(MessageError):
        health_report.decode(pad(bytes.fromhex(case["hex"]), HEALTH["padded_to"]))


@pytest.mark.parametrize("case", CARRY["cases"], ids=lambda case: case["way"])
def test_a_carry_file_is_written_and_read_as_its_vector_says(case: dict[str, Any]) -> None:
    kiosk, number = bytes.fromhex(CARRY["kiosk_id"]), bytes.fromhex(CARRY["batch_number"])
    batch = Batch(kiosk, number, tuple(bytes([value]) * 4096 for value in range(256)))
    way = {"up": Way.UP, "down": Way.DOWN}[case["way"]]
    data = bytes.fromhex(case["head"]) + b"".join(batch.cells) + bytes.fromhex(case["digest"])
    assert len(data) == case["bytes"]
    assert batch.pack(way) == data
    assert Batch.unpack(way, data) == batch
    assert carry_file.path_of(Path(), way, kiosk).name == case["file_name"]
