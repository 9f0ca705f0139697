"""Messages, settings and health through real processes: station, Mosquitto, courier."""

import json
import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

import uplink.courier.main
import uplink.station.commands.main
from kiosk.common import files, passphrase, schema
from kiosk.common.errors import InboxError
from kiosk.common.event_codes import EventCode
from kiosk.device.inbox import Inbox, station_manifest
from kiosk.device.outbox import Outbox
from kiosk.protocol.cells import DOWN_BODY, LinkKeys
from kiosk.protocol.message import Kind
from kiosk.protocol.notice import Notice, NoticeSound
from kiosk.protocol.sealing import Manifest, StationPrivateKey
from kiosk.settings.kiosk_list import Kiosk as Listed
from kiosk.settings.kiosk_list import KioskList
from kiosk.settings.station import load_station
from tests.uplink.courier.messages import AUTHORITY, BUNDLE, NOW, PUBLIC, id_of, message, notice
from tests.uplink.downlink import send, station
from tests.uplink.stick import run
from tests.uplink.traffic import put
from tests.uplink.village import PASSPHRASE, Village, icon_chunks, make_report
from tests.waiting import wait_until
from uplink.courier.courier import Courier
from uplink.courier.inbox_writer import InboxWriter
from uplink.link.health_report import Health
from uplink.station.downlink.queue import ALL, DownQueue, Wanted
from uplink.station.downlink.sender import Sender
from uplink.station.keys import unlock_notice_key
from uplink.station.receive.receiver import Links, Receiver
from uplink.station.receive.store import Store


def health(village: Village) -> dict[str, object]:
    """What the first kiosk told."""
    done = station(village, "health", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout.splitlines()[0])
    return found


def known_manifest(village: Village) -> Manifest:
    folder = village.folder / "kiosk"
    return station_manifest(folder / "authority.pub", folder / "manifest.cbor", folder / "inbox.db")


def shown(village: Village) -> list[str]:
    key = known_manifest(village).notice_key
    try:
        found = Inbox(village.folder / "kiosk" / "inbox.db").notices(key, None)
    except InboxError:
        return []
    return [item.vi for item in found.values()]


def state(village: Village) -> dict[str, object]:
    try:
        found: dict[str, object] = json.loads(
            (village.folder / "kiosk" / "status.json").read_text()
        )
    except FileNotFoundError:
        return {}
    return found


def batches(village: Village) -> int:
    """How often the station has heard cells."""
    with closing(sqlite3.connect(village.station / "station.db")) as db:
        number: int = db.execute("SELECT coalesce(sum(batches), 0) FROM kiosks").fetchone()[0]
        return number


def settled_batches(village: Village) -> int:
    """The number when none has come for a second."""
    count = -1
    while count != (count := batches(village)):
        time.sleep(1)
    return count


@pytest.fixture
def outbox(village: Village) -> Outbox:
    outbox = village.add_kiosk("kiosk")
    village.start_broker()
    village.start_station()
    village.start_courier("kiosk")
    return outbox


def test_after_a_change_of_keys_old_and_new_reports_are_opened(
    village: Village, outbox: Outbox
) -> None:
    def report(tag: str) -> None:
        key = known_manifest(village).keys[0]
        outbox.put(icon_chunks(make_report(what=(tag,)), key))

    newer = StationPrivateKey.generate()
    locked = passphrase.lock(newer.seed, PASSPHRASE)
    files.write(village.station / "report-2.key", locked, files.PRIVATE)
    report("before:1")
    signed = village.manifest(2, newer.public, village.report_key.public)
    (village.station / "manifest.cbor").write_bytes(signed)
    assert "2" in send(village, "manifest")
    report("meanwhile:1")
    wait_until(lambda: known_manifest(village).epoch == 2)
    assert known_manifest(village).keys[0] == newer.public
    report("after:1")
    wait_until(lambda: outbox.counts().real == 0)
    assert sorted(item["what"][0] for item in village.inbox()) == [
        "after:1",
        "before:1",
        "meanwhile:1",
    ]
    wait_until(lambda: health(village).get("epoch") == 2)


def test_a_manifest_of_another_authority_is_not_even_queued(village: Village) -> None:
    path = village.folder / "foreign.cbor"
    path.write_bytes(BUNDLE)
    done = station(village, "send", "manifest", str(path))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert station(village, "send", "list", "--json").stdout == ""


def test_settings_change_the_interval_and_the_newest_count(
    village: Village, outbox: Outbox
) -> None:
    assert "600 s" in send(village, "settings", "--slot", "600")
    wait_until(lambda: state(village).get("slot_s") == 600.0)
    assert village.terminate("kiosk") == 0
    village.start_courier("kiosk")
    wait_until(lambda: state(village).get("sent") is not None)
    done = station(village, "send", "list")
    assert "cài đặt" in done.stdout


def test_a_kiosk_rests_outside_its_hours(village: Village, outbox: Outbox) -> None:
    hour = datetime.now().hour
    window = f"{(hour + 2) % 24}-{(hour + 4) % 24 or 24}"
    send(village, "settings", "--slot", "1", "--hours", window, "--kiosk", "kiosk")
    wait_until(lambda: state(village).get("sent", 0) is None)
    count = settled_batches(village)
    put(outbox, village, 1)
    time.sleep(3)
    assert batches(village) == count
    assert outbox.counts().real == 1
    config = str(village.folder / "kiosk" / "courier.toml")
    assert "Ngoài giờ gửi" in run(uplink.courier.main.main, "status", "--config", config).stdout


def test_notices_come_and_go_and_health_tells_it(village: Village, outbox: Outbox) -> None:
    first = send(village, "notice", "--topic", "fire", "--vi", "Đừng đốt nương hôm nay")
    send(village, "notice", "--vi", "Họp bản tối thứ bảy", "--hmn", "Sib tham", "--kiosk", "kiosk")
    put(outbox, village, 3)
    wait_until(lambda: len(shown(village)) == 2)
    wait_until(lambda: health(village).get("messages") == 2)
    told = health(village)
    assert (told["epoch"], told["gates"], told["errors"], told["states"]) == (1, ["open"], [], [])
    assert told["software"]
    listed = [
        json.loads(line) for line in station(village, "send", "list", "--json").stdout.splitlines()
    ]
    assert [(item["kind"], item["held_by"]) for item in listed] == [("notice", 1)] * 2
    table = station(village, "health").stdout
    assert "kiosk" in table
    assert "còn chỗ" in table
    send(village, "withdraw", first)
    wait_until(lambda: shown(village) == ["Họp bản tối thứ bảy"])
    wait_until(lambda: outbox.counts().real == 0)


def test_a_recording_arrives_though_both_ends_are_killed(village: Village, outbox: Outbox) -> None:
    audio = secrets.token_bytes(30 * DOWN_BODY)
    settings = load_station(village.station / "station.toml")
    with closing(DownQueue(settings.database_url)) as queue:
        sender = Sender(settings, queue)
        key = unlock_notice_key(settings.folder, PASSPHRASE)
        words = sender.send(Kind.NOTICE, notice(), ALL, 3, "words", key)
        content = NoticeSound(words, "hmn", audio).encode()
        sender.send(Kind.SOUND, content, ALL, 3, "sound", key)
    inbox = Inbox(village.folder / "kiosk" / "inbox.db")
    restarts: dict[str, Callable[[], None]] = {
        "kiosk": lambda: village.start_courier("kiosk"),
        "station": village.start_station,
    }
    for name, start in restarts.items():
        wait_until(lambda: len(shown(village)) == 1)
        village.kill(name)
        start()

    def heard() -> list[bytes]:
        try:
            key = known_manifest(village).notice_key
            return [sound.audio for sound in inbox.sounds(key, None)]
        except InboxError:
            return []

    wait_until(lambda: heard() == [audio])


def test_a_lost_inbox_is_filled_again(village: Village, outbox: Outbox) -> None:
    send(village, "notice", "--vi", "Trời sắp lũ")
    wait_until(lambda: len(shown(village)) == 1)
    village.kill("kiosk")
    (village.folder / "kiosk" / "inbox.db").write_bytes(b"\xff" * 9999)
    village.start_courier("kiosk")
    put(outbox, village, 1)
    wait_until(lambda: shown(village) == ["Trời sắp lũ"])
    wait_until(lambda: outbox.counts().real == 0)
    wait_until(lambda: EventCode.INBOX_REBUILT in str(health(village).get("errors")))


def test_a_station_without_the_passphrase_sends_nothing(village: Village) -> None:
    wrong = village.folder / "wrong"
    wrong.write_text("sai mật khẩu rồi")
    done = station(village, "send", "notice", "--vi", "a", "--passphrase-file", str(wrong))
    assert done.returncode == 2
    assert "notice.key" in done.stderr
    for arguments in (
        ("notice", "--vi", "a" * 201),
        ("notice", "--vi", "a", "--kiosk", "nowhere"),
        ("withdraw", "00" * 16),
        ("withdraw", "xyz"),
        ("settings", "--hours", "9-9"),
        ("manifest", str(village.folder / "none.cbor")),
    ):
        secret = ("--passphrase-file", str(village.station / "passphrase"))
        done = station(village, "send", *arguments, *(() if arguments[0] == "manifest" else secret))
        assert done.returncode == 2, arguments
        assert "Traceback" not in done.stderr
    assert station(village, "send", "list", "--json").stdout == ""


@pytest.mark.parametrize("seed", range(5))
def test_messages_get_through_a_link_that_loses_every_third_cell(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    topic = "ab" * 16
    master, row_key = secrets.token_bytes(32), secrets.token_bytes(32)
    keys = LinkKeys.derive(master, bytes.fromhex(topic), 1)
    (tmp_path / "kiosks.toml").write_text(schema.dump(KioskList({topic: Listed("k", 1)})))
    Outbox.create(tmp_path / "touch.db", row_key, 64)
    outbox = Outbox(tmp_path / "touch.db", row_key)
    url = f"sqlite:///{tmp_path / 'station.db'}"
    store, queue = Store(url), DownQueue(url)
    receiver = Receiver(store, Links(master, tmp_path / "kiosks.toml"), lambda: NOW, queue.choose)
    intake = InboxWriter(tmp_path / "inbox.db", AUTHORITY, BUNDLE)
    words = message(Kind.NOTICE, Notice("fire", "a").encode())
    audio = secrets.token_bytes(12 * DOWN_BODY)
    sound = message(Kind.SOUND, NoticeSound(id_of(words), "vi", audio).encode())
    for kind, chunks in ((Kind.SOUND, sound), (Kind.NOTICE, words)):
        wanted = Wanted(id_of(chunks), ALL, kind, len(chunks), NOW, NOW + 999_999, "")
        queue.add(chunks, wanted)

    def deliver(cell: bytes) -> bool:
        if random.random() < 0.33:
            return False
        ((_, answer),) = receiver.take([(f"k/{topic}/up", cell)])
        if random.random() < 0.33:
            return True
        down = courier.hear(answer)
        assert down is not None
        intake.take(down.chunk, down.station_time)
        return True

    def cover() -> object:
        return Health(3, *intake.listing()).chunk()

    courier = Courier([outbox], keys, deliver, cover)  # type: ignore[arg-type]
    slots = 0
    while intake.listing().missing or len(intake.listing().done) < 2:
        courier.use_slot()
        slots += 1
        assert slots < 120
    found = Inbox(tmp_path / "inbox.db")
    assert [item.audio for item in found.sounds(PUBLIC, NOW)] == [audio]
    assert list(found.notices(PUBLIC, NOW)) == [id_of(words)]
    for part in (outbox, store, queue, intake):
        part.close()
