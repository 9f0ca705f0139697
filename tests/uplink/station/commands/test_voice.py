"""A voice at the station: told of, decoded apart, written out only when asked for."""

import io
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from kiosk.common.errors import StationError
from kiosk.protocol import cells, report, sealing
from kiosk.protocol.cells import Kind
from kiosk.protocol.opus_packets import encoded
from kiosk.protocol.report import Report
from tests.uplink.commands import run
from tests.uplink.village import ROOT, Village, icon_chunks, make_report
from uplink.station.reading import decoding, voice_decoder
from uplink.station.reading.spoken_report import clip_ids
from uplink.station.receive.store import Arrival, Store

RATE = 22_050
KIOSK = "a" * 32
CLIPS = ROOT / "build" / "clips"


def babble(seconds: float = 2.0) -> np.ndarray:
    return np.random.default_rng(5).normal(0, 3000, int(seconds * RATE)).astype(np.int16)


def voice_chunks(told: Report, village: Village, packets: bytes) -> list[cells.Chunk]:
    padded = report.pad(packets, report.ATTACHMENT_PLAINTEXTS[0])
    sealed = sealing.seal(Kind.VOICE, padded, village.report_key.public)
    return cells.cut(Kind.VOICE, told.urgent, told.report_id, sealed)


def arrive(village: Village, *chunks: cells.Chunk) -> None:
    store = Store(f"sqlite:///{village.station / 'station.db'}")
    store.store_batch([Arrival(KIOSK, chunk) for chunk in chunks], [], [], 494_000)
    store.close()


def station(village: Village, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    given = ["--config", str(village.station / "station.toml")]
    given += ["--passphrase-file", str(village.station / "passphrase")]
    return run(command, *given, *arguments)


@pytest.fixture
def spoken(village: Village) -> tuple[Report, list[cells.Chunk]]:
    """A report whose icons have arrived, and its voice that has not."""
    told = make_report(voice="own")
    arrive(village, *icon_chunks(told, village.report_key.public))
    return told, voice_chunks(told, village, encoded(babble(), RATE))


def test_the_inbox_says_how_much_of_a_voice_has_come(
    village: Village, spoken: tuple[Report, list[cells.Chunk]]
) -> None:
    told, chunks = spoken
    for arrived, said in ((0, "0/8"), (5, "5/8"), (8, "whole")):
        arrive(village, *chunks[:arrived])
        (item,) = village.inbox()
        assert (item["voice"], item["report"]) == (said, told.report_id.hex()[:8])
    table = station(village, "inbox").stdout
    assert told.report_id.hex() not in table


def test_a_whole_voice_is_written_out_for_its_reader_alone(
    village: Village, spoken: tuple[Report, list[cells.Chunk]]
) -> None:
    told, chunks = spoken
    out = village.folder / "voice.wav"
    arrive(village, *chunks[:7])
    early = station(village, "voice", told.report_id.hex()[:8], "--out", str(out))
    assert early.returncode == 2
    assert "no whole voice" in early.stderr
    assert not out.exists()
    arrive(village, chunks[7])
    done = station(village, "voice", told.report_id.hex()[:8], "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert out.stat().st_mode & 0o077 == 0
    with wave.open(str(out)) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(2, abs=0.15)


@pytest.mark.parametrize("packets", [b"\1\2" + b"\xff" * 400, b"x", b"\2\x3c" + bytes(120)])
def test_a_malformed_voice_is_told_without_a_traceback(village: Village, packets: bytes) -> None:
    told = make_report(voice="own")
    arrive(village, *icon_chunks(told, village.report_key.public))
    arrive(village, *voice_chunks(told, village, packets))
    out = village.folder / "voice.wav"
    done = station(village, "voice", told.report_id.hex()[:8], "--out", str(out))
    assert done.returncode == 2
    assert "damaged" in done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()


def test_the_decoder_can_open_nothing() -> None:
    script = (
        "from uplink.station.reading.sandbox import give_up_everything as give_up\n"
        "import socket\n"
        "give_up()\n"
        "for attempt in (socket.socket, lambda: open('/etc/hostname'), lambda: bytearray(2**31)):\n"
        "    try:\n"
        "        attempt()\n"
        "    except (OSError, MemoryError):\n"
        "        print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.split() == ["refused"] * 3, done.stderr


def test_good_packets_become_a_wav() -> None:
    with wave.open(io.BytesIO(decoding.voice_as_wav(encoded(babble(1), RATE)))) as file:
        assert file.getframerate() == voice_decoder.RATE
    with pytest.raises(StationError):
        decoding.voice_as_wav(b"")


def test_a_report_is_told_as_questions_and_answers() -> None:
    told = make_report(box="border", what=("people_led",), where="forest", when=None, urgent=True)
    assert clip_ids(told) == [
        "box.border",
        "choice.people_led",
        "ask.where",
        "choice.forest",
        "ask.danger",
        "choice.danger_yes",
    ]


@pytest.mark.skipif(not CLIPS.is_dir(), reason="needs the built clips")
def test_another_voice_reads_the_report(village: Village, tmp_path: Path) -> None:
    told = make_report(box="border", what=("people_led",), where="village:ncs1", voice="other")
    arrive(village, *icon_chunks(told, village.report_key.public))
    (item,) = village.inbox()
    assert item["voice"] == "other"
    out = tmp_path / "told.wav"
    number = str(item["report"])
    done = station(village, "speak", number, "--out", str(out), "--assets", str(ROOT / "build"))
    assert done.returncode == 0, done.stderr
    with wave.open(str(out)) as file:
        assert file.getnframes() / file.getframerate() > 2
    missing = station(village, "speak", number, "--out", str(out), "--assets", str(tmp_path))
    assert missing.returncode == 2
    assert "homthu-voice render" in missing.stderr
