"""The door keeps sealed reports in a real outbox and is honest about what it kept."""

import sqlite3
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from queue import Queue
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.device import config as configs
from kiosk.device import station_clock
from kiosk.device.outbox import Outbox
from kiosk.flow.model import (
    Event,
    File,
    Gate,
    GateKind,
    Kept,
    NotKept,
    OpenBox,
    Opened,
    VoiceChoice,
    VoiceGate,
)
from kiosk.protocol import cells, report
from kiosk.protocol import message as messages
from kiosk.protocol.message import Message
from kiosk.protocol.picture_code import answer_box, is_consistent, new_code
from kiosk.protocol.reply import Reply
from kiosk.protocol.report import Report
from kiosk.protocol.sealing import StationPrivateKey, sign_manifest
from kiosk.protocol.station_settings import Pace
from kiosk.protocol.synthetic_report import Canary
from tests.answers import answer, at_phones
from tests.cards import Card
from tests.ui.touch.filing import (
    NO_BOOTH,
    QUESTIONS,
    TOLD,
    Held,
    OpenDoor,
    chunk_in,
    posted,
    real_rows,
)
from tests.ui.touch.place import AUTHORITY, CODE_KEY, ROW_KEY, STATION, provision
from tests.waiting import DEADLINE
from ui.touch.filing_worker import FilingWorker, build_report, day_of
from uplink.courier.inbox_writer import InboxWriter


def test_a_report_says_what_was_chosen_and_nothing_else() -> None:
    report = build_report(TOLD, QUESTIONS, "2026-11-22")
    assert report.what == ("people_led", "armed_yes")
    assert (report.where, report.when, report.how_many) == ("forest", "today", "few")
    assert not report.urgent


def test_kept_is_said_after_the_commit(opened: OpenDoor) -> None:
    door, events, folder = opened()
    door.file(TOLD)
    posted(events, Kept)
    assert real_rows(folder) == 1
    assert events.get(timeout=DEADLINE) == Gate(GateKind.OPEN)


def test_without_the_stations_key_the_door_is_closed_and_nothing_is_kept(opened: OpenDoor) -> None:
    door, events, folder = opened()
    (folder / "manifest.cbor").write_bytes(b"forged" * 50)
    door.check()
    assert events.get(timeout=DEADLINE) == Gate(GateKind.CLOSED)
    door.file(TOLD)
    posted(events, NotKept)
    assert real_rows(folder) == 0


@pytest.mark.parametrize("readable", [True, False])
def test_it_says_whether_the_outbox_can_be_read(opened: OpenDoor, readable: bool) -> None:
    door, _, folder = opened()
    if not readable:
        (folder / "touch.db").write_bytes(bytes(100_000))
    heard: list[bool] = []
    door.read(lambda: heard.append(True))
    door.close()
    assert heard == [True] * readable


def send_down(
    folder: Path, epoch: int, station: StationPrivateKey, authority: Ed25519PrivateKey = AUTHORITY
) -> None:
    """Put a manifest into the inbox as the courier does."""
    signed = sign_manifest(authority, epoch, "Na Cô Sa", (station.public,))
    root = AUTHORITY.public_key().public_bytes_raw()
    intake = InboxWriter(folder / "inbox.db", root, (folder / "manifest.cbor").read_bytes())
    message = Message(messages.Kind.MANIFEST, messages.new_message_id(), 0, 10**9, signed)
    for chunk in messages.encode(message, None):
        intake.take(chunk, 1)
    intake.close()


def test_a_report_is_sealed_to_the_newest_key_that_the_authority_signed(
    opened: OpenDoor,
) -> None:
    door, events, folder = opened()
    newer, forged = StationPrivateKey.generate(), StationPrivateKey.generate()
    send_down(folder, 2, newer)
    send_down(folder, 9, forged, authority=Ed25519PrivateKey.generate())
    door.file(TOLD)
    posted(events, Kept)
    outbox = Outbox(folder / "touch.db", ROW_KEY)
    ((row, _),) = outbox.waiting()
    assert newer.open(cells.Kind.ICON, chunk_in(outbox, row).body)
    outbox.close()


def test_rows_kept_for_emergencies_are_offered_as_such(opened: OpenDoor) -> None:
    door, events, _ = opened(rows=32)
    door.check()
    assert events.get(timeout=DEADLINE) == Gate(GateKind.URGENT_ONLY)


def test_a_missing_outbox_is_a_closed_door_not_a_crash(opened: OpenDoor) -> None:
    door, events, folder = opened()
    (folder / "touch.db").unlink()
    door.check()
    assert events.get(timeout=DEADLINE) == Gate(GateKind.CLOSED)


def test_a_card_that_became_read_only_is_a_closed_door(tmp_path: Path) -> None:
    card = Card(tmp_path / "card")
    path = provision(card.folder / "kiosk")
    card.make_read_only()
    events: Queue[Event] = Queue()
    door = FilingWorker(configs.load(path), QUESTIONS, events.put, NO_BOOTH)
    door.check()
    assert events.get(timeout=DEADLINE) == Gate(GateKind.CLOSED)
    door.file(TOLD)
    posted(events, NotKept)
    door.close()
    card.pull()


def test_whoever_files_does_not_wait_for_the_card_and_kept_is_not_said_before(
    opened: OpenDoor,
) -> None:
    door, events, folder = opened()
    door.check()
    assert events.get(timeout=DEADLINE) == Gate(GateKind.OPEN)
    slow = sqlite3.connect(folder / "touch.db", isolation_level=None)
    slow.execute("BEGIN IMMEDIATE")
    door.file(TOLD)
    door.check()
    assert events.empty()
    slow.execute("ROLLBACK")
    posted(events, Kept)
    assert real_rows(folder) == 1


class AtOnce(Random):
    """Lets every canary leave at once."""

    def random(self) -> float:
        return 0.0


def test_a_canary_a_day_goes_in_like_a_report_once_the_stations_time_is_known(
    tmp_path: Path,
) -> None:
    path = provision(tmp_path, rows=140)
    station_clock.hear(tmp_path / "station.clock", 1_795_000_000)
    events: Queue[Event] = Queue()
    door = FilingWorker(configs.load(path), QUESTIONS, events.put, NO_BOOTH, Canary(AtOnce()))
    for _ in range(3):
        door.check()
    door.file(TOLD)
    door.close()
    outbox = Outbox(tmp_path / "touch.db", ROW_KEY)
    waiting = [chunk_in(outbox, row) for row, _ in outbox.waiting()]
    outbox.close()
    assert len(waiting) == 2, "one canary, one report"
    assert len({len(chunk.body) for chunk in waiting}) == 1
    assert len({replace(chunk.header, report_id=bytes(16)) for chunk in waiting}) == 1


def test_a_canary_never_takes_the_room_of_people(tmp_path: Path) -> None:
    path = provision(tmp_path, rows=90)
    station_clock.hear(tmp_path / "station.clock", 1_795_000_000)
    events: Queue[Event] = Queue()
    door = FilingWorker(configs.load(path), QUESTIONS, events.put, NO_BOOTH, Canary(AtOnce()))
    door.check()
    assert events.get(timeout=DEADLINE) == Gate(GateKind.OPEN)
    door.close()
    assert real_rows(tmp_path) == 0


def test_the_log_holds_a_code_and_no_answer(
    opened: OpenDoor, caplog: pytest.LogCaptureFixture
) -> None:
    door, events, folder = opened()
    (folder / "manifest.cbor").unlink()
    door.file(TOLD)
    events.get(timeout=DEADLINE)
    assert [record.getMessage() for record in caplog.records] == ["E04"]


@pytest.mark.parametrize(
    ("now", "urgent", "day"),
    [
        (datetime(2026, 11, 22, 9, 30), False, "2026-11-22"),
        (datetime(2026, 11, 22, 9, 30), True, "2026-11-22 am"),
        (datetime(2026, 11, 22, 12, 0), True, "2026-11-22 pm"),
        (None, True, None),
    ],
)
def test_the_day_is_all_that_is_told_of_the_time(
    now: datetime | None, urgent: bool, day: str | None
) -> None:
    assert day_of(now, urgent) == day


def filed_report(folder: Path) -> Report:
    outbox = Outbox(folder / "touch.db", ROW_KEY)
    *_, (row, _) = sorted(outbox.waiting())
    padded = STATION.open(cells.Kind.ICON, chunk_in(outbox, row).body)
    outbox.close()
    return report.decode(report.unpad(padded))


def test_each_report_carries_the_key_of_a_new_code_that_nobody_else_is_told(
    opened: OpenDoor, caplog: pytest.LogCaptureFixture
) -> None:
    door, events, folder = opened()
    door.file(TOLD)
    kept = posted(events, Kept)
    assert is_consistent(kept.code)
    box = answer_box(kept.code, CODE_KEY, bytes.fromhex("5a" * 16))
    assert filed_report(folder).answer_key == box.public.raw
    written = b"".join(path.read_bytes() for path in folder.iterdir())
    assert " ".join(kept.code[:5]).encode() not in written
    assert caplog.records == []


def test_a_reply_carries_the_key_of_the_code_that_it_was_given(opened: OpenDoor) -> None:
    door, events, folder = opened()
    code = new_code()
    door.file(replace(TOLD, code=code))
    assert posted(events, Kept).code == ()
    box = answer_box(code, CODE_KEY, bytes.fromhex("5a" * 16))
    assert filed_report(folder).answer_key == box.public.raw


def test_a_reply_to_an_answer_that_a_phone_asked_for_goes_to_the_phone_s_box(
    opened: OpenDoor,
) -> None:
    door, events, folder = opened()
    (folder / "phone-code.key").write_bytes(bytes(32))
    config = configs.load(folder / "kiosk.toml")
    code = new_code()
    box = at_phones(config).box(code)
    answer(config, box, Reply(("received",)))
    door.file(replace(TOLD, code=code))
    assert posted(events, Kept).code == ()
    assert filed_report(folder).answer_key == box.public.raw


def test_without_a_code_key_the_report_is_kept_all_the_same(
    opened: OpenDoor, caplog: pytest.LogCaptureFixture
) -> None:
    door, events, folder = opened()
    (folder / "code.key").unlink()
    door.file(TOLD)
    assert posted(events, Kept).code == ()
    assert filed_report(folder).answer_key is None
    assert [record.getMessage() for record in caplog.records] == ["E04"]


def test_a_code_is_tried_in_the_worker_and_answered_whatever_happens(opened: OpenDoor) -> None:
    door, events, folder = opened()
    door.open(OpenBox(new_code()))
    assert posted(events, Opened).told == ()
    send_down(folder, 2, StationPrivateKey.generate())
    door.open(OpenBox(new_code()))
    assert posted(events, Opened).told == ()


VOICED = replace(TOLD, voice=VoiceChoice.OWN)
PACKETS = bytes([1, 60]) + bytes(30_000)


def test_a_voice_is_kept_with_its_icons(opened: OpenDoor) -> None:
    door, events, folder = opened(Held(PACKETS), rows=60)
    door.file(VOICED)
    kept = posted(events, Kept)
    assert kept.whole
    assert is_consistent(kept.code)
    outbox = Outbox(folder / "touch.db", ROW_KEY)
    headers = [header for _, header in outbox.waiting()]
    outbox.close()
    assert len({header.report_id for header in headers}) == 1
    assert sorted(header.kind for header in headers) == [cells.Kind.ICON] + [cells.Kind.VOICE] * 8


URGENT = replace(VOICED, answers=(*VOICED.answers[:-1], ("danger", "danger_yes")))


@pytest.mark.parametrize(
    ("packets", "rows", "filing"),
    [(None, 60, VOICED), (PACKETS, 36, VOICED), (PACKETS, 40, URGENT)],
)
def test_the_icons_are_kept_when_the_voice_is_not(
    opened: OpenDoor, packets: bytes | None, rows: int, filing: File
) -> None:
    door, events, folder = opened(Held(packets), rows=rows)
    door.file(filing)
    kept = posted(events, Kept)
    assert not kept.whole
    assert real_rows(folder) == 1


def test_another_voice_is_asked_for_in_the_report_alone() -> None:
    told = build_report(replace(TOLD, voice=VoiceChoice.OTHER), QUESTIONS, None)
    assert told.voice == "other"
    assert build_report(TOLD, QUESTIONS, None).voice is None


@pytest.mark.parametrize(("there", "gate"), [(True, VoiceGate.ON), (False, VoiceGate.OTHER_ONLY)])
def test_voices_are_offered_where_they_are_allowed(
    tmp_path: Path, there: bool, gate: VoiceGate
) -> None:
    path = provision(tmp_path)
    path.write_text(path.read_text("utf-8").replace("[kiosk]", "[kiosk]\nvoice = true"), "utf-8")
    events: Queue[Event] = Queue()
    door = FilingWorker(configs.load(path), QUESTIONS, events.put, Held(microphone=there))
    door.check()
    assert events.get(timeout=DEADLINE) == Gate(GateKind.OPEN, gate)
    door.close()


def test_the_station_decides_about_voices(opened: OpenDoor) -> None:
    key = Ed25519PrivateKey.generate()
    door, events, folder = opened()
    door.check()
    assert posted(events, Gate).voice is VoiceGate.OFF
    station = StationPrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    (folder / "manifest.cbor").write_bytes(
        sign_manifest(AUTHORITY, 2, "Na Cô Sa", (station.public,), public)
    )
    root = AUTHORITY.public_key().public_bytes_raw()
    intake = InboxWriter(folder / "inbox.db", root, (folder / "manifest.cbor").read_bytes())
    content = Pace(300, voice=True).encode()
    allowed = Message(messages.Kind.SETTINGS, messages.new_message_id(), 0, 10**9, content)
    for chunk in messages.encode(allowed, key):
        intake.take(chunk, 1)
    intake.close()
    door.check()
    assert posted(events, Gate).voice is VoiceGate.ON
