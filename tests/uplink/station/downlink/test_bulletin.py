"""What the station tells its kiosks can be read again, followed, spoken and exported."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from audio.playback.ogg_opus import decoded
from audio.speech.sound import seconds, to_wav
from kiosk.common.errors import MessageError, StationError
from kiosk.protocol import procedures
from kiosk.protocol.message import Kind, decode
from kiosk.protocol.notice import Notice, NoticeSound, decode_withdrawal
from kiosk.protocol.procedures import Procedure
from kiosk.settings.station import load_station
from tests.audio.hall import babble
from tests.uplink.downlink import send, station
from tests.uplink.village import PASSPHRASE, Village
from uplink.link.health_report import Health
from uplink.station.downlink import bulletin
from uplink.station.downlink.queue import ALL, DownQueue
from uplink.station.downlink.recording import MAX_SECONDS, as_opus
from uplink.station.downlink.sender import LASTING_DAYS, Sender
from uplink.station.keys import unlock_notice_key

FIRE = Notice("fire", "Không đốt nương khi có gió.", "Hluav taws hav zoov")


@pytest.fixture
def queue(village: Village) -> Iterator[DownQueue]:
    village.add_kiosk("kiosk").close()
    village.add_kiosk("other").close()
    settings = load_station(village.station / "station.toml")
    with closing(DownQueue(settings.database_url)) as queue:
        yield queue


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    path = tmp_path / "voice.wav"
    path.write_bytes(to_wav(babble(2.0, seed=3)))
    return path


def found(village: Village, queue: DownQueue) -> list[bulletin.Published]:
    key = unlock_notice_key(village.station, PASSPHRASE).public_key().public_bytes_raw()
    return bulletin.notices(queue, key, int(time.time()), list(village.kiosks.values()))


def has(queue: DownQueue, kiosk: str, *message_ids: bytes) -> None:
    """A kiosk tells in a cover cell that it has these."""
    queue.choose([(kiosk, Health(1, done=message_ids).chunk())], int(time.time()))


def test_a_notice_its_recording_and_how_far_both_have_come(
    village: Village, queue: DownQueue, voice: Path
) -> None:
    words = ("--topic", FIRE.topic, "--vi", FIRE.vi, "--hmn", FIRE.hmn)
    first = bytes.fromhex(send(village, "notice", *words))
    sound = bytes.fromhex(send(village, "sound", first.hex(), str(voice), "--language", "hmn"))
    has(queue, village.kiosks["kiosk"], first, sound)
    has(queue, village.kiosks["other"], first)
    (published,) = found(village, queue)
    assert published.notice == FIRE
    assert (published.reach.has, published.reach.of) == (2, 2)
    assert (published.sound_reach.has, published.sound_reach.of) == (1, 2)
    assert seconds(decoded(published.sounds["hmn"])) == pytest.approx(2.0, abs=0.2)


def test_a_notice_for_one_kiosk_is_counted_there_only(village: Village, queue: DownQueue) -> None:
    send(village, "notice", "--vi", FIRE.vi, "--kiosk", "kiosk")
    (published,) = found(village, queue)
    assert (published.reach.has, published.reach.of) == (0, 1)


def test_the_export_is_spoken_for_a_loudspeaker(
    village: Village, queue: DownQueue, voice: Path, tmp_path: Path
) -> None:
    (village.station / "manifest.cbor").write_bytes(village.manifest(1, village.report_key.public))
    first = send(village, "notice", "--topic", "fire", "--vi", FIRE.vi)
    send(village, "sound", first, str(voice), "--language", "hmn")
    done = station(village, "notices", "export", "--out", str(tmp_path / "stick"))
    assert done.returncode == 0, done.stderr
    (entry,) = json.loads((tmp_path / "stick" / "notices.json").read_text("utf-8"))
    assert entry["vi"] == FIRE.vi
    assert entry["sounds"] == {"hmn": "01-fire.hmn.ogg"}
    audio = (tmp_path / "stick" / "01-fire.hmn.ogg").read_bytes()
    assert seconds(decoded(audio)) == pytest.approx(2.0, abs=0.2)


def test_a_new_library_takes_the_place_of_the_old_one(village: Village, queue: DownQueue) -> None:
    sender = Sender(load_station(village.station / "station.toml"), queue)
    key = unlock_notice_key(village.station, PASSPHRASE)
    for card in ("paper_id", "paper_birth"):
        content = procedures.encode({"birth": Procedure((card,))})
        sender.send(Kind.LIBRARY, content, ALL, LASTING_DAYS, "", key)
    public = key.public_key().public_bytes_raw()
    now = int(time.time())
    assert [wanted.kind for wanted in queue.wanted(now)] == [Kind.LIBRARY]
    assert bulletin.procedures(queue, public, now) == {"birth": Procedure(("paper_birth",))}


def test_a_notice_that_is_withdrawn_takes_its_recordings_along(
    village: Village, queue: DownQueue
) -> None:
    sender = Sender(load_station(village.station / "station.toml"), queue)
    key = unlock_notice_key(village.station, PASSPHRASE)
    gone, kept = (sender.send(Kind.NOTICE, FIRE.encode(), ALL, 7, "", key) for _ in range(2))
    sounds = [sender.send_sound(NoticeSound(n, "hmn", b"OggS"), key) for n in (gone, gone, kept)]
    sender.withdraw(gone, key)
    wanted = {item.message_id: item for item in queue.wanted(int(time.time()))}
    assert set(wanted) >= {kept, sounds[2]}
    (note,) = (item for item in wanted.values() if item.kind == Kind.WITHDRAWAL)
    assert len(wanted) == 3
    public = key.public_key().public_bytes_raw()
    taken_back = decode_withdrawal(decode(queue.chunks(note), public).content)
    assert set(taken_back) == {gone, *sounds[:2]}


def test_a_recording_of_no_notice_is_refused(village: Village, queue: DownQueue) -> None:
    sender = Sender(load_station(village.station / "station.toml"), queue)
    with pytest.raises(StationError):
        sender.send_sound(
            NoticeSound(bytes(16), "vi", b""), unlock_notice_key(village.station, PASSPHRASE)
        )


@pytest.mark.parametrize("audio", [b"", b"no sound at all", b"\x89PNG\r\n\x1a\n" + bytes(99)])
def test_what_is_no_sound_is_refused_with_a_cure(audio: bytes) -> None:
    with pytest.raises(MessageError) as refused:
        as_opus(audio)
    assert refused.value.cure


def test_a_recording_is_small_and_must_be_short() -> None:
    minute = to_wav(babble(MAX_SECONDS - 0.5, seed=1))
    assert len(as_opus(minute)) < 130_000
    with pytest.raises(MessageError):
        as_opus(to_wav(babble(MAX_SECONDS + 1.0, seed=1)))
