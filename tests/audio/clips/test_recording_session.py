"""Recording a pack as an officer does: a real terminal, a real sound server, real files."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from audio.clips.prompts import prompts
from audio.speech.levels import SPEECH_DB, level
from audio.speech.sound import Samples, from_wav
from kiosk.content import catalog as catalogues
from kiosk.content import questionnaire, voice_pack
from tests.audio.hall import ALIKE, TRIES, Ear, Hall, likeness, spoken
from tests.audio.pty_terminal import Terminal
from tests.ui.touch.place import ROOT
from tests.waiting import DEADLINE

FIRST, SECOND = prompts(catalogues.load(), questionnaire.load(), "hmn")[:2]
WORDS = spoken(2.2, 5)
INTERRUPT = "\x03"


def begin(pack: Path, *options: str) -> Terminal:
    options = (*options, "--speaker-note", "nữ, Nậm Pồ")
    return Terminal("audio.main", "record", "--pack", str(pack), "--language", "hmn", *options)


def record(terminal: Terminal, server: Hall, words: Samples, until: str) -> None:
    """Press record, say the words, press space."""
    terminal.press("t", "ĐANG THU")
    server.say(words).wait(DEADLINE)
    terminal.press(" ", until)


def kept_clip(pack: Path, string_id: str) -> Samples:
    (clip,) = (c for c in voice_pack.read(pack).clips if c.string_id == string_id)
    return from_wav(clip.read("wav"))


def test_an_officer_records_quits_and_goes_on_later(
    server: Hall, microphone: str, heard: Ear, tmp_path: Path
) -> None:
    pack = tmp_path / "seo"
    terminal = begin(pack)
    terminal.wait_for("thoát")
    for told in (FIRST.text, FIRST.vn1961, FIRST.meaning, f"Câu 1/{len(catalogues.load().ids())}"):
        assert told in terminal.shown
    heard.forget()
    terminal.press("n", "nghe máy đọc")
    assert np.abs(heard.heard.astype(int)).max() > 1000
    for _ in range(TRIES):
        record(terminal, server, WORDS, "Thu được")
        heard.forget()
        terminal.press("l", "giữ")
        if likeness(heard.heard, WORDS)[0] > ALIKE:
            break
    terminal.press("g", "Câu 2/")
    assert terminal.end("q") == 0
    assert "Đã giữ 1 câu" in terminal.shown
    clip = kept_clip(pack, FIRST.string_id)
    assert likeness(clip, WORDS)[0] > ALIKE
    assert level(clip) == pytest.approx(SPEECH_DB, abs=1)
    assert len(clip) < len(WORDS) * 1.2
    assert voice_pack.read(pack).speaker == "nữ, Nậm Pồ"

    again = begin(pack)
    again.wait_for("thoát")
    assert SECOND.text in again.shown
    assert FIRST.text not in again.shown
    again.press("b", "Câu 2/")
    again.press("v", "Câu 1/")
    assert again.end(INTERRUPT) == 130
    assert np.array_equal(kept_clip(pack, FIRST.string_id), clip)


def test_a_bad_take_may_be_tried_again_and_a_mute_microphone_ends_with_two(
    server: Hall, microphone: str, tmp_path: Path
) -> None:
    terminal = begin(tmp_path / "seo")
    terminal.wait_for("thoát")
    clipping = (WORDS * 60.0).clip(-32768, 32767).astype(np.int16)
    record(terminal, server, clipping, "vỡ vì to quá")
    record(terminal, server, np.zeros(10_000, np.int16), "bật micrô")
    assert terminal.end() == 2
    assert not (tmp_path / "seo").exists()


def test_without_the_microphone_it_says_so_at_once(server: Hall, tmp_path: Path) -> None:
    terminal = begin(tmp_path / "seo", "--microphone", "nobody's")
    terminal.wait_for("không có micrô")
    assert terminal.end() == 2


def test_without_a_terminal_it_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "audio.main", "record", "--pack", "x", "--language", "vi"],
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "cửa sổ lệnh" in done.stderr
