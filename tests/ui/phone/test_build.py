"""The built page: nothing from elsewhere, nothing that its policy does not name, clips if any."""

import base64
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from tests.ui.phone.browser import Phone
from tests.ui.phone.conftest import url
from tests.ui.phone.place import provision_hotspot, serving
from tests.ui.touch.place import ROOT, TILES
from tests.waiting import wait_until

NUMBER = ("vi/say.danger", "vi/ui.station", "vi/digit.1", "vi/digit.3", "vi/ui.police")
CLIPS = ("vi/ask.menu", "vi/box.crime", "hmn/ask.menu", *NUMBER)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page built from the real pictures and a few short clips."""
    if not TILES.is_dir():
        pytest.skip("needs the built tiles")
    assets = tmp_path_factory.mktemp("assets")
    (assets / "tiles").symlink_to(TILES)
    for name in CLIPS:
        write_clip(assets / "clips" / f"{name}.mp3")
    done = make(assets, assets / "phone")
    assert done.returncode == 0, done.stderr
    return assets / "phone"


def write_clip(path: Path) -> None:
    """A tenth of a second of silence."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=22_050, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            np.zeros((1, 2205), "int16"), format="s16", layout="mono"
        )
        frame.sample_rate = 22_050
        for part in (frame, None):
            container.mux(stream.encode(part))


def make(assets: Path, out: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "ui.phone.page.build",
        "--assets",
        str(assets),
        "--out",
        str(out),
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def inline(page: str, tag: str) -> str:
    found = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
    assert found
    return found[1]


def test_the_policy_names_the_inline_texts_by_hash_and_lets_nothing_else_run(built: Path) -> None:
    policy = json.loads((built / "manifest.json").read_text())["csp"]
    page = (built / "index.html").read_text("utf-8")
    for tag, kind in (("script", "script-src"), ("style", "style-src")):
        digest = base64.b64encode(hashlib.sha256(inline(page, tag).encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_page_names_no_other_host_and_looks_like_a_hall_s_own(built: Path) -> None:
    plain = (built / "lite.html").read_text("utf-8")
    assert "://" not in plain
    assert "<script" not in plain
    assert "<title>Nhà văn hóa</title>" in (built / "index.html").read_text("utf-8")


def test_the_manifest_lists_every_file_as_it_is(built: Path) -> None:
    files = json.loads((built / "manifest.json").read_text())["files"]
    there = {p.relative_to(built).as_posix() for p in built.rglob("*.*")} - {"manifest.json"}
    assert set(files) == there
    assert {f"clips/{name}.mp3" for name in CLIPS} < there
    for name, entry in files.items():
        assert hashlib.sha256((built / name).read_bytes()).hexdigest() == entry["sha256"]
    assert {entry["type"] for entry in files.values()} == {
        "text/html; charset=utf-8",
        "image/webp",
        "audio/mpeg",
    }


def test_building_again_changes_nothing(built: Path) -> None:
    before = (built / "index.html").stat().st_ino
    assert "nothing changed" in make(built.parent, built).stderr
    assert (built / "index.html").stat().st_ino == before


def test_missing_pictures_are_told_with_their_cure(tmp_path: Path) -> None:
    done = make(tmp_path, tmp_path / "phone")
    assert done.returncode == 2
    assert "make setup" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_question_and_its_tiles_are_read_aloud_when_asked(
    built: Path, browser: Phone, address: str, tmp_path: Path
) -> None:
    place = provision_hotspot(tmp_path / "kiosk", address, built)
    heard: list[str] = []

    def clips() -> list[str]:
        heard.extend(one for one in browser.requests() if "/clips/" in one)
        return [one.partition("/clips/")[2] for one in dict.fromkeys(heard)]

    with serving(place):
        browser.open(url(place)).choose("vi")
        assert clips() == []
        browser.tap("[data-action=say]")
        wait_until(lambda: clips() == ["vi/ask.menu.mp3", "vi/box.crime.mp3"])
        browser.choose("crime")
        assert not browser.find("[data-action=say]")


def test_the_number_to_call_in_danger_is_read_aloud_when_asked(
    built: Path, browser: Phone, address: str, tmp_path: Path
) -> None:
    place = provision_hotspot(tmp_path / "kiosk", address, built)
    heard: dict[str, None] = {}

    def clips() -> list[str]:
        heard.update((one, None) for one in browser.requests() if "/clips/" in one)
        return [one.partition("/clips/")[2].removesuffix(".mp3") for one in heard]

    with serving(place):
        browser.open(url(place)).choose("vi", "order", "fire", "fire_house", "danger_yes")
        browser.tap("[data-action=say]")
        wait_until(lambda: set(clips()) >= set(NUMBER))
        first = [one for one in clips() if one in NUMBER]
        assert first == list(NUMBER)
