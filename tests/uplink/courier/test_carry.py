"""Cells by stick, by the real commands: nothing is lost, whatever happens to the stick."""

import base64
import hashlib
import secrets
from contextlib import closing
from pathlib import Path

from kiosk.device.inbox import Inbox
from kiosk.protocol import message
from kiosk.protocol.cells import DOWN_BODY, Kind, Receipt, Status, cut, open_up
from kiosk.protocol.notice import NoticeSound
from kiosk.settings.station import load_station
from tests.uplink.courier.messages import notice
from tests.uplink.stick import (
    carried,
    courier,
    down_file,
    good,
    process,
    put,
    refused,
    station,
    stored,
    up_file,
)
from tests.uplink.village import PASSPHRASE, Village, icon_chunks, make_report
from uplink.link import carry_file
from uplink.link.carry_file import CELLS, SIZE, Way
from uplink.station.downlink.queue import ALL, DownQueue
from uplink.station.downlink.sender import Sender
from uplink.station.keys import unlock_notice_key


def test_a_report_goes_and_its_row_is_freed_by_what_comes_back(
    village: Village, stick: Path
) -> None:
    outbox = village.add_kiosk("kiosk")
    put(outbox, village, 3)
    kiosk = ["--config", str(village.folder / "kiosk" / "courier.toml"), str(stick)]
    process("uplink.courier.main", "export", *kiosk)
    assert outbox.counts().real == 3
    process(
        "uplink.station.commands.main",
        "import",
        "--config",
        str(village.station / "station.toml"),
        str(stick),
    )
    assert len(village.inbox()) == 3
    assert outbox.counts().real == 3
    process("uplink.courier.main", "collect", *kiosk)
    assert outbox.counts().free == 128


def test_messages_and_health_travel_by_stick_too(village: Village, stick: Path) -> None:
    village.add_kiosk("kiosk")
    settings = load_station(village.station / "station.toml")
    audio = secrets.token_bytes(40 * DOWN_BODY)
    with closing(DownQueue(settings.database_url)) as queue:
        sender = Sender(settings, queue)
        key = unlock_notice_key(settings.folder, PASSPHRASE)
        words = sender.send(message.Kind.NOTICE, notice(), ALL, 3, "", key)
        content = NoticeSound(words, "vi", audio).encode()
        sender.send(message.Kind.SOUND, content, ALL, 3, "", key)
        for done in (courier(village, "export", stick), station(village, stick)):
            good(done)
        good(courier(village, "collect", stick))
        inbox = Inbox(village.folder / "kiosk" / "inbox.db")
        public = base64.b64decode(village.request()["notice_key"])
        assert list(inbox.notices(public, None)) == [words]
        assert [sound.audio for sound in inbox.sounds(public, None)] == [audio]
        good(courier(village, "export", stick))
        good(station(village, stick))
        assert len(queue.heard()[village.kiosks["kiosk"]].health.done) == 2


def test_every_file_looks_alike_whatever_waits(village: Village, stick: Path) -> None:
    outbox = village.add_kiosk("kiosk", rows=384)
    seen = []
    sealed = village.folder / "kiosk" / "carry.sealed"
    for number in (0, 1, 299):
        put(outbox, village, number)
        done = courier(village, "export", stick)
        good(done)
        kinds = carried(village, stick)
        seen.append((done.stdout, up_file(stick).stat().st_size, sealed.stat().st_size))
        assert kinds.count(Kind.ICON) == min(CELLS, outbox.counts().real)
        if number == 1:
            assert up_file(stick).name == f"homthu-{village.kiosks['kiosk']}.up"
    assert len(set(seen)) == 1
    assert seen[0][1] == SIZE


def test_no_two_exports_share_a_cell_and_real_ones_have_no_place_of_their_own(
    village: Village, stick: Path
) -> None:
    put(village.add_kiosk("kiosk"), village, 1)
    places: list[int] = []
    cells: list[bytes] = []
    for _ in range(6):
        good(courier(village, "export", stick))
        places.append(carried(village, stick).index(Kind.ICON))
        cells += carry_file.read(up_file(stick), Way.UP).cells
    assert len(set(places)) > 1
    assert len(set(cells)) == len(cells)


def test_urgent_reports_go_first_and_attachments_last(village: Village, stick: Path) -> None:
    outbox = village.add_kiosk("kiosk", rows=384)
    for _ in range(10):
        sealed = secrets.token_bytes(32 * 4046)
        outbox.put(cut(Kind.PHOTO, False, secrets.token_bytes(16), sealed))
    put(outbox, village, 5)
    put(outbox, village, 2, urgent=True)
    good(courier(village, "export", stick))
    batch = carry_file.read(up_file(stick), Way.UP)
    headers = [open_up(village.keys_of("kiosk"), cell).header for cell in batch.cells]
    assert sum(header.urgent for header in headers) == 2
    assert sum(header.kind == Kind.ICON for header in headers) == 7
    assert sum(header.kind == Kind.PHOTO for header in headers) == CELLS - 7


def test_more_than_a_stick_holds_goes_in_several_journeys(village: Village, stick: Path) -> None:
    outbox = village.add_kiosk("kiosk", rows=384)
    put(outbox, village, 300)
    for _ in range(2):
        good(courier(village, "export", stick))
        good(station(village, stick))
    good(courier(village, "export", stick))
    assert outbox.counts().real == 0
    assert stored(village) == 300


def test_a_lost_stick_loses_nothing_and_an_old_one_still_frees(
    village: Village, stick: Path, tmp_path: Path
) -> None:
    outbox = village.add_kiosk("kiosk")
    put(outbox, village, 2)
    good(courier(village, "export", stick))
    second = tmp_path / "second"
    second.mkdir()
    good(courier(village, "export", second))
    good(station(village, second))
    good(courier(village, "collect", second))
    assert outbox.counts().real == 0
    put(outbox, village, 1)
    good(station(village, stick))
    good(courier(village, "collect", stick))
    assert outbox.counts().real == 1
    assert stored(village) == 2


def test_everything_may_be_done_twice(village: Village, stick: Path) -> None:
    outbox = village.add_kiosk("kiosk")
    put(outbox, village, 2)
    good(courier(village, "export", stick))
    for _ in range(2):
        good(station(village, stick))
    for _ in range(2):
        good(courier(village, "collect", stick))
    assert outbox.counts().free == 128
    assert stored(village) == 2


def test_network_and_stick_together_lose_and_repeat_nothing(village: Village, stick: Path) -> None:
    outbox = village.add_kiosk("kiosk", slot_s=0.02)
    put(outbox, village, 60)
    village.start_broker()
    village.start_station()
    village.start_courier("kiosk")
    for _ in range(3):
        good(courier(village, "export", stick))
        good(station(village, stick))
        good(courier(village, "collect", stick))
    assert outbox.counts().real == 0
    assert stored(village) == 60


def test_a_refused_chunk_is_parked(village: Village, stick: Path) -> None:
    outbox = village.add_kiosk("kiosk")
    first = icon_chunks(make_report(), village.report_key.public)
    outbox.put(first)
    good(courier(village, "export", stick))
    good(station(village, stick))
    down_file(stick).unlink()
    outbox.free(Receipt.of(first[0].header, Status.STORED))
    other = cut(Kind.ICON, False, first[0].header.report_id, secrets.token_bytes(4046))
    outbox.put(other)
    good(courier(village, "export", stick))
    good(station(village, stick))
    good(courier(village, "collect", stick))
    assert outbox.counts().parked == 1
    assert stored(village) == 1


def test_several_kiosks_on_one_stick_and_one_bad_file(village: Village, stick: Path) -> None:
    outboxes = {name: village.add_kiosk(name) for name in ("a", "b", "c")}
    for name, outbox in outboxes.items():
        put(outbox, village, 1)
        good(courier(village, "export", stick, name))
    bad = stick / f"homthu-{village.kiosks['b']}.up"
    bad.write_bytes(bad.read_bytes()[:-1])
    refused(station(village, stick), bad.name)
    assert stored(village) == 2
    good(courier(village, "collect", stick, "a"))
    good(courier(village, "collect", stick, "c"))
    refused(courier(village, "collect", stick, "b"), "carry it to the station first")
    assert [outbox.counts().real for outbox in outboxes.values()] == [0, 1, 0]


def test_the_format_is_what_the_protocol_says(village: Village, stick: Path) -> None:
    village.add_kiosk("kiosk")
    good(courier(village, "export", stick))
    data = up_file(stick).read_bytes()
    assert len(data) == 8 + 16 + 16 + 256 * 4096 + 32 == 1_048_648
    assert data[:8] == b"HTCARRYU"
    assert data[8:24] == bytes.fromhex(village.kiosks["kiosk"])
    assert data[-32:] == hashlib.sha256(data[:-32]).digest()
    good(station(village, stick))
    answer = down_file(stick).read_bytes()
    assert answer[:8] == b"HTCARRYD"
    assert answer[8:40] == data[8:40]
    assert len(answer) == len(data)
