"""The private data directory: what it adds, what it leaves alone, and what can be wrong."""

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from audio.hmong import stock
from audio.hmong.build import build, is_built
from audio.main import main
from kiosk.common.errors import AudioError
from kiosk.content import catalog
from tests.audio.hmong.measuring import ROOT

LIST_VOICES = """
import sys
from pathlib import Path
from audio.speech.espeak import Engine
engine = Engine(Path(sys.argv[1]))
clips = [engine.synthesise(*said) for said in (
    ("Nyob zoo.", "hmn"), ("Xin chào.", "vi"), ("Nyob zoo, công an.", "hmn"))]
print(*(len(clip) for clip in clips))
print(*(voice.id for voice in engine._engine.getProperty("voices")), sep="\\n")
"""


def espeak(data: Path | None, out: Path, *arguments: str) -> bytes:
    where = [f"--path={data}"] if data else []
    environment = {k: v for k, v in os.environ.items() if k != stock.DATA_VARIABLE}
    subprocess.run(["espeak-ng", *where, "-w", str(out), *arguments], check=True, env=environment)
    return out.read_bytes()


def test_vietnamese_is_spoken_exactly_as_before(data: Path, tmp_path: Path) -> None:
    words = catalog.load()
    text = tmp_path / "text"
    text.write_text(".\n".join(words.words(i, "vi").speak for i in sorted(words.ids())), "utf-8")
    asked = ("-v", "vi", "-s", "120", "-f", str(text))
    stocked = espeak(None, tmp_path / "stock.wav", *asked)
    assert espeak(data, tmp_path / "ours.wav", *asked) == stocked
    assert len(stocked) > 1_000_000


def test_pyttsx3_lists_and_speaks_both_languages(data: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIST_VOICES, str(data)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    sizes, *voices = done.stdout.splitlines()
    hmong, vietnamese, mixed = map(int, sizes.split())
    assert {"hmx/hmn", "aav/vi"} <= set(voices)
    assert min(hmong, vietnamese) > 20_000
    assert mixed > hmong + 10_000


def test_nothing_that_espeak_installed_is_copied_or_changed(data: Path) -> None:
    own = {
        str(path.relative_to(data))
        for path in data.rglob("*")
        if path.is_file() and not path.is_symlink() and not path.parent.is_symlink()
    }
    files = ("phontab", "phonindex", "phondata", "hmn_dict", "lang/hmx/hmn", "made-from")
    assert own == {f"espeak-ng-data/{name}" for name in files}
    assert {path.name for path in data.iterdir()} == {"espeak-ng-data"}


def test_building_again_gives_the_same_voice(data: Path, tmp_path: Path) -> None:
    for _ in range(2):
        build(tmp_path / "again")
    for name in ("phontab", "phonindex", "phondata", "hmn_dict"):
        path = Path("espeak-ng-data") / name
        assert (tmp_path / "again" / path).read_bytes() == (data / path).read_bytes()


def copy_of_installed(folder: Path) -> Path:
    shutil.copytree(stock.installed(), folder)
    return folder


def unknown_version(folder: Path) -> None:
    content = (folder / "phondata").read_bytes()
    (folder / "phondata").write_bytes(struct.pack("<I", 0x019900) + content[4:])


def missing_manifest(folder: Path) -> None:
    (folder / "phondata-manifest").unlink()


def missing_sound(folder: Path) -> None:
    manifest = folder / "phondata-manifest"
    manifest.write_text(manifest.read_text("utf-8").replace("vowel/oo", "vowel/xx"), "utf-8")


def cut_in_half(folder: Path) -> None:
    content = (folder / "phontab").read_bytes()
    (folder / "phontab").write_bytes(content[: len(content) // 2])


def empty_index(folder: Path) -> None:
    (folder / "phonindex").write_bytes(b"")


@pytest.mark.parametrize(
    "damage", [unknown_version, missing_manifest, missing_sound, cut_in_half, empty_index]
)
def test_data_that_cannot_be_used_are_refused_and_the_former_voice_stays(
    damage: Callable[[Path], None], tmp_path: Path
) -> None:
    folder = tmp_path / "voice"
    build(folder)
    damaged = copy_of_installed(tmp_path / "damaged")
    damage(damaged)
    with pytest.raises(AudioError) as caught:
        build(folder, damaged)
    assert caught.value.cure
    assert is_built(folder)
    assert {path.name for path in folder.iterdir()} == {"espeak-ng-data"}


def test_a_voice_of_another_version_of_the_data_is_no_voice(tmp_path: Path) -> None:
    """After an update of espeak-ng Vietnamese must go on speaking, with the new data."""
    source = copy_of_installed(tmp_path / "source")
    build(tmp_path / "voice", source)
    assert is_built(tmp_path / "voice")
    content = (source / "phonindex").read_bytes()
    (source / "phonindex").write_bytes(content + b"\0\0")
    assert not is_built(tmp_path / "voice")


def told(*arguments: str) -> str:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2, done.output
    return done.output


def test_without_espeak_the_cure_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "apt install espeak-ng" in told("build", "--data", str(tmp_path / "voice"))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "--data" in told("build", "--data", str(tmp_path / "file" / "voice"))


def test_a_voice_that_espeak_does_not_list_afterwards_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.which("espeak-ng")
    program = tmp_path / "espeak-ng"
    program.write_text(f'#!/bin/sh\ncase "$*" in *--voices*) exit 0;; esac\nexec {real} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert "does not list the Hmong voice" in told("build", "--data", str(tmp_path / "voice"))
    assert not is_built(tmp_path / "voice")


@pytest.mark.parametrize(("language", "text"), [("hmn", "Nyob zoo."), ("vi", "Xin chào bà con.")])
def test_the_command_speaks_into_a_file(
    data: Path, tmp_path: Path, language: str, text: str
) -> None:
    out = tmp_path / "said.wav"
    say = ("say", "--data", str(data), "--language", language, "--out", str(out), text)
    subprocess.run([sys.executable, "-m", "audio.main", *say], check=True, cwd=ROOT)
    assert out.read_bytes()[:4] == b"RIFF"
    assert out.stat().st_size > 20_000


def test_speaking_hmong_before_the_voice_is_built_tells_how_to_build_it(tmp_path: Path) -> None:
    say = ("say", "--data", str(tmp_path), "--language", "hmn", "--out", str(tmp_path / "x"), "Yog")
    done = subprocess.run(
        [sys.executable, "-m", "audio.main", *say],
        capture_output=True, text=True, check=False, cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != stock.DATA_VARIABLE},
    )  # fmt: skip
    assert done.returncode == 2
    assert "homthu-voice build" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "x").exists()
