"""Phones hear a person where the kiosk has a signed pack, in a real browser."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from audio.clips.pack_draft import Draft
from audio.clips.prompts import prompts
from audio.speech.sound import RATE
from kiosk.content import catalog as catalogues
from kiosk.content import questionnaire, voice_pack
from tests.ui.phone.browser import PAGE, Phone
from tests.ui.phone.conftest import url
from tests.ui.phone.place import Hotspot, provision_hotspot, serving
from tests.ui.touch.place import AUTHORITY

RECORDED, RENDERED = "ask.menu", "box.crime"
CLIP_OF = """
const done = arguments[arguments.length - 1]
fetch(arguments[0]).then(a => a.arrayBuffer()).then(bytes => {
  const heard = new Audio(arguments[0])
  const told = Array.from(new Uint8Array(bytes))
  heard.onloadedmetadata = () => done([told, heard.duration])
  heard.onerror = () => done([told, null])
})
"""
SECONDS = 5.0


@pytest.fixture
def place(address: str, tmp_path: Path) -> Hotspot:
    """A kiosk with two packs of one clip: a newer one that nobody signed, and a signed one."""
    made = provision_hotspot(tmp_path / "kiosk", address, PAGE)
    (made.folder / "authority.pub").write_bytes(AUTHORITY.public_key().public_bytes_raw())
    for name, seconds in (("seo-0001", SECONDS), ("seo-0002", 2 * SECONDS)):
        record(made.folder / "voices" / name, seconds)
    voice_pack.sign(made.folder / "voices" / "seo-0001", AUTHORITY)
    return made


def record(folder: Path, seconds: float) -> None:
    asked = prompts(catalogues.load(), questionnaire.load(), "vi")
    (prompt,) = (one for one in asked if one.string_id == RECORDED)
    hum = 8000 * np.sin(2 * np.pi * 220 * np.arange(int(seconds * RATE)) / RATE)
    Draft(folder, "vi").keep(prompt, hum.astype(np.int16))


def heard(browser: Phone, string_id: str) -> tuple[str, float]:
    """The digest and the seconds of a clip that the browser fetches and can play."""
    body, seconds = browser.driver.execute_async_script(CLIP_OF, f"clips/vi/{string_id}.mp3")
    return hashlib.sha256(bytes(body)).hexdigest(), seconds


def test_a_signed_clip_of_a_person_is_heard_and_a_rendered_one_elsewhere(
    place: Hotspot, browser: Phone
) -> None:
    def built(string_id: str) -> str:
        return hashlib.sha256((PAGE / f"clips/vi/{string_id}.mp3").read_bytes()).hexdigest()

    with serving(place):
        browser.open(url(place)).choose("vi")
        recorded, seconds = heard(browser, RECORDED)
        assert recorded != built(RECORDED)
        assert seconds == pytest.approx(SECONDS, abs=0.2)
        assert heard(browser, RENDERED)[0] == built(RENDERED)
    assert "E32" in (place.folder / "phone.log").read_text()


def test_a_clip_cut_in_half_gives_way_to_the_rendered_one(place: Hotspot, browser: Phone) -> None:
    clip = place.folder / "voices" / "seo-0001" / f"{RECORDED}.mp3"
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    with serving(place):
        browser.open(url(place)).choose("vi")
        rendered = hashlib.sha256((PAGE / f"clips/vi/{RECORDED}.mp3").read_bytes()).hexdigest()
        assert heard(browser, RECORDED)[0] == rendered
