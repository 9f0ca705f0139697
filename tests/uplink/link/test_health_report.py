"""What a cover cell tells the station, and what it must not tell."""

import logging
import secrets
from pathlib import Path

import pytest

from kiosk.common.errors import MessageError
from kiosk.common.event_codes import EventCode
from kiosk.device.outbox import URGENT_RESERVE, Outbox
from kiosk.protocol import cbor
from kiosk.protocol.cells import BODY, COVER, Chunk, Header, Kind, LinkKeys, open_up
from kiosk.protocol.message import MAX_CHUNKS
from kiosk.protocol.report import pad
from uplink.courier.courier import Courier
from uplink.courier.inbox_writer import MAX_MESSAGES
from uplink.courier.recent_codes import CodeMemory
from uplink.link.health_report import BoxLevel, Health, decode, gate_of, software, uptime_of
from uplink.station.reading.health_words import in_words

KEYS = LinkKeys(secrets.token_bytes(32), secrets.token_bytes(32))
ROW_KEY = secrets.token_bytes(32)

FULL = Health(
    epoch=7,
    done=(bytes(16), secrets.token_bytes(16)),
    missing={secrets.token_bytes(16): (0, 3, 255), secrets.token_bytes(16): (1,)},
    gates=(BoxLevel.OPEN, BoxLevel.CLOSED),
    states=(2, 21),
    bars=3,
    errors=("E09", "E20"),
    software="1 0.1.0",
    uptime=2,
)


@pytest.mark.parametrize("health", [FULL, Health(0)])
def test_health_comes_back_from_a_cover_chunk(health: Health) -> None:
    chunk = health.chunk()
    assert chunk.header == COVER.header
    assert len(chunk.body) == BODY
    assert decode(chunk.body) == health


def test_the_fullest_inbox_still_fits_into_a_cell() -> None:
    ids = [secrets.token_bytes(16) for _ in range(MAX_MESSAGES)]
    every = tuple(range(MAX_CHUNKS))
    fullest = Health(
        epoch=2**32,
        done=tuple(ids),
        missing=dict.fromkeys(ids, every),
        gates=(BoxLevel.FULL, BoxLevel.FULL),
        states=tuple(range(200, 256)),
        bars=5,
        errors=tuple(f"E{n}" for n in range(10, 99)),
        software="x" * 999,
        uptime=3,
    )
    assert len(fullest.chunk().body) == BODY


@pytest.mark.parametrize(
    "body",
    [
        COVER.body,
        secrets.token_bytes(BODY),
        pad(b"", BODY),
        pad(cbor.encode({0: 1}), BODY),
        FULL.chunk().body.replace(b"\x00\x01\x01\x07", b"\x00\x02\x01\x07"),
        pad(cbor.encode(dict.fromkeys(range(10), 1) | {3: [[1, 2]]}), BODY),
    ],
)
def test_what_is_no_health_is_refused(body: bytes) -> None:
    with pytest.raises(MessageError):
        decode(body)


def test_fields_that_are_unknown_are_ignored() -> None:
    fields = cbor.decode(FULL.chunk().body.rstrip(b"\0")[:-1], BODY)
    assert decode(pad(cbor.encode(fields | {23: "new"}), BODY)) == FULL


def test_a_code_of_a_newer_kiosk_comes_through_and_is_shown_as_unknown() -> None:
    newer = decode(Health(0, states=(255,), errors=("E20", "E99")).chunk().body)
    assert newer.errors == ("E20", "E99")
    machine = in_words(newer)[-1]
    assert "Kiosk không đọc hoặc không ghi được hộp gửi (E20); Mã lỗi lạ E99" in machine


def test_every_code_rides_in_a_cover_chunk_as_its_text() -> None:
    for code in EventCode:
        (heard,) = decode(Health(0, errors=(str(code),)).chunk().body).errors
        assert in_words(Health(0, errors=(heard,)))[-1].endswith(f"({code.value})")


def fill(outbox: Outbox, rooms: int, urgent: bool) -> None:
    for _ in range(outbox.room(urgent) - rooms):
        header = Header(Kind.ICON, urgent, secrets.token_bytes(16), 0, 1)
        outbox.put([Chunk(header, bytes(BODY))])


def test_a_gate_is_as_coarse_as_the_screen(tmp_path: Path) -> None:
    Outbox.create(tmp_path / "touch.db", ROW_KEY, URGENT_RESERVE + 3)
    outbox = Outbox(tmp_path / "touch.db", ROW_KEY)
    assert gate_of(outbox) is BoxLevel.OPEN
    fill(outbox, 1, urgent=False)
    assert gate_of(outbox) is BoxLevel.OPEN
    fill(outbox, 0, urgent=False)
    assert gate_of(outbox) is BoxLevel.URGENT_ONLY
    fill(outbox, 0, urgent=True)
    assert gate_of(outbox) is BoxLevel.FULL
    outbox.close()
    assert gate_of(outbox) is BoxLevel.CLOSED


def test_real_cells_carry_none_and_the_same_is_done_for_both(tmp_path: Path) -> None:
    """Health is made in every slot, before the queue is looked at."""
    Outbox.create(tmp_path / "touch.db", ROW_KEY, 64)
    outbox = Outbox(tmp_path / "touch.db", ROW_KEY)
    happened: list[str] = []
    cells: list[bytes] = []

    class Watched(Outbox):
        def waiting(self) -> list[tuple[int, Header]]:
            happened.append("looked")
            return super().waiting()

    def cover() -> Chunk:
        happened.append("health")
        return FULL.chunk()

    watched = Watched(tmp_path / "touch.db", ROW_KEY)
    courier = Courier([watched], KEYS, lambda cell: not cells.append(cell), cover)  # type: ignore[func-returns-value]
    header = Header(Kind.ICON, False, secrets.token_bytes(16), 0, 1)
    courier.use_slot()
    outbox.put([Chunk(header, secrets.token_bytes(BODY))])
    courier.use_slot()
    assert happened == ["health", "looked"] * 2
    covering, real = (open_up(KEYS, cell) for cell in cells)
    assert decode(covering.body) == FULL
    assert real.header == header
    with pytest.raises(MessageError):
        decode(real.body)


def test_codes_are_told_for_a_day_and_nothing_else_is() -> None:
    now = [0.0]
    memory = CodeMemory(lambda: now[0])
    log = logging.getLogger("tests.codes")
    log.addHandler(memory)
    for message in ("E20", EventCode.ANSWER_FOREIGN, "a sentence", "E9", "E200", "E99"):
        log.warning(message)
    log.warning("%s", "E03")
    assert memory.codes() == ("E03", "E09", "E20")
    now[0] = 80_000
    log.warning("E09")
    now[0] = 90_000
    assert memory.codes() == ("E09",)
    log.removeHandler(memory)


def test_uptime_is_a_class_and_the_software_is_named() -> None:
    assert [uptime_of(s) for s in (0, 3599, 3600, 86_400, 604_800)] == [0, 0, 1, 2, 3]
    assert software()
