"""A pack reaches a kiosk whole or not at all, by stick and by provisioning."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from audio.clips.pack_draft import Draft
from audio.main import main
from kiosk.common.errors import VoicePackError
from kiosk.content import voice_pack
from kiosk.content.assets import MANIFEST, Clips
from tests.audio.packs import HMONG, clip, draft
from tests.cards import Card
from tests.ui.touch.place import AUTHORITY, provision

KEY = AUTHORITY.public_key().public_bytes_raw()
FEW = HMONG[1:6]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draft(tmp_path_factory.mktemp("packs") / "seo", FEW)


@pytest.fixture
def pack(recorded: Path, tmp_path: Path) -> Path:
    made = shutil.copytree(recorded, tmp_path / "stick" / "seo")
    voice_pack.sign(made, AUTHORITY)
    return made


@pytest.fixture
def voices(tmp_path: Path) -> Path:
    return tmp_path / "kiosk" / "voices"


def newer(pack: Path) -> Path:
    """The pack with one clip recorded again, signed again."""
    Draft(pack, "hmn").keep(FEW[0], clip(FEW[0], 1.3))
    voice_pack.sign(pack, AUTHORITY)
    return pack


def names(voices: Path) -> list[str]:
    return sorted(path.name for path in voices.iterdir())


def is_whole(folder: Path) -> bool:
    voice_pack.check_signature(folder, KEY)
    clips = voice_pack.read(folder).clips
    return len(clips) == len(FEW) and all(clip.is_whole() for clip in clips)


def test_the_command_installs_and_may_be_repeated(pack: Path, tmp_path: Path) -> None:
    provision(tmp_path / "kiosk")
    for _ in range(2):
        done = CliRunner().invoke(main, ["install", str(pack), "--kiosk", str(tmp_path / "kiosk")])
        assert done.exit_code == 0, done.output
    assert names(tmp_path / "kiosk" / "voices") == ["seo-0001"]
    assert is_whole(tmp_path / "kiosk" / "voices" / "seo-0001")


def test_a_newer_version_takes_the_place_of_the_older_which_never_comes_back(
    pack: Path, voices: Path
) -> None:
    old = shutil.copytree(pack, pack.with_name("old"))
    voice_pack.install(pack, voices, KEY)
    voice_pack.install(newer(pack), voices, KEY)
    assert names(voices) == ["seo-0002"]
    with pytest.raises(VoicePackError, match="mới hơn"):
        voice_pack.install(old, voices, KEY)
    assert names(voices) == ["seo-0002"]


def test_a_damaged_installed_clip_is_mended_by_installing_again(pack: Path, voices: Path) -> None:
    installed = voice_pack.install(pack, voices, KEY)
    (installed / f"{FEW[0].string_id}.wav").write_bytes(b"half")
    voice_pack.install(pack, voices, KEY)
    assert is_whole(installed)


def test_what_is_recorded_in_a_signed_pack_needs_a_new_version_and_signature(pack: Path) -> None:
    Draft(pack, "hmn").keep(FEW[0], clip(FEW[0]))
    assert voice_pack.read(pack).version == 2
    assert not (pack / voice_pack.SIGNATURE).exists()
    Draft(pack, "hmn").keep(FEW[1], clip(FEW[1]))
    assert voice_pack.read(pack).version == 2
    assert voice_pack.read(pack).speaker == "nữ, Nậm Pồ"


def test_a_clip_of_an_older_text_or_cut_in_half_is_to_be_recorded_again(pack: Path) -> None:
    made = Draft(pack, "hmn")
    assert made.is_current(FEW[0])
    assert not made.is_current(replace(FEW[0], text="Lus qub"))
    wav = pack / f"{FEW[0].string_id}.wav"
    wav.write_bytes(wav.read_bytes()[: wav.stat().st_size // 2])
    assert not made.is_current(FEW[0])


def test_a_folder_that_cannot_be_the_pack_is_refused(pack: Path, tmp_path: Path) -> None:
    with pytest.raises(VoicePackError, match="a-z"):
        Draft(tmp_path / "Ông Seo", "hmn")
    with pytest.raises(VoicePackError, match="thư mục khác"):
        Draft(pack, "vi")


def test_a_draft_a_strangers_signature_and_a_changed_manifest_are_refused(
    pack: Path, voices: Path
) -> None:
    for signature in (b"", bytes(64)):
        (pack / voice_pack.SIGNATURE).write_bytes(signature)
        with pytest.raises(VoicePackError, match="chữ ký"):
            voice_pack.install(pack, voices, KEY)
    voice_pack.sign(pack, AUTHORITY)
    manifest = (pack / MANIFEST).read_bytes()
    (pack / MANIFEST).write_bytes(manifest.replace(b'"version": 1', b'"version": 7'))
    with pytest.raises(VoicePackError, match="chữ ký"):
        voice_pack.install(pack, voices, KEY)
    assert not voices.exists()


def test_what_is_damaged_is_not_signed(pack: Path) -> None:
    wav = pack / f"{FEW[0].string_id}.wav"
    wav.write_bytes(wav.read_bytes()[:1000])
    with pytest.raises(VoicePackError, match=FEW[0].string_id):
        voice_pack.sign(pack, AUTHORITY)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "../up"), ("name", ""), ("version", 0), ("version", "x"), ("language", "en"),
     ("clips", {"../../up": {"text": "", "wav": "", "mp3": ""}}), ("clips", {"a.b": {}})],
)  # fmt: skip
def test_a_manifest_that_leads_elsewhere_is_no_pack(pack: Path, field: str, value: object) -> None:
    manifest = json.loads((pack / MANIFEST).read_text())
    (pack / MANIFEST).write_text(json.dumps({**manifest, field: value}))
    with pytest.raises(VoicePackError, match="không phải gói giọng"):
        voice_pack.read(pack)


def test_a_stick_that_is_pulled_leaves_the_former_pack(
    pack: Path, voices: Path, tmp_path: Path
) -> None:
    voice_pack.install(pack, voices, KEY)
    stick = Card(tmp_path / "usb", "16m")
    carried = shutil.copytree(newer(pack), stick.folder / "seo")
    copied = []

    def pull(string_id: str) -> None:
        copied.append(string_id)
        if len(copied) == 2:
            stick.pull()

    with pytest.raises(VoicePackError, match="cắm lại USB"):
        voice_pack.install(carried, voices, KEY, pull)
    assert len(copied) == 2
    assert names(voices) == ["seo-0001"]
    assert is_whole(voices / "seo-0001")
    voice_pack.install(pack, voices, KEY)
    assert names(voices) == ["seo-0002"]


def test_a_full_card_leaves_the_former_pack(pack: Path, tmp_path: Path) -> None:
    card = Card(tmp_path / "card", "4m")
    voices = card.folder / "voices"
    voice_pack.install(pack, voices, KEY)
    card.fill()
    with pytest.raises(VoicePackError, match="đầy"):
        voice_pack.install(newer(pack), voices, KEY)
    assert is_whole(voices / "seo-0001")
    assert names(voices) == ["seo-0001"]
    card.empty()
    voice_pack.install(pack, voices, KEY)
    assert len(list(Clips([voices / "seo-0002"]))) == len(FEW)
    card.pull()


def test_without_the_authoritys_key_nothing_is_installed(pack: Path, tmp_path: Path) -> None:
    provision(tmp_path / "kiosk")
    (tmp_path / "kiosk" / "authority.pub").unlink()
    done = CliRunner().invoke(main, ["install", str(pack), "--kiosk", str(tmp_path / "kiosk")])
    assert done.exit_code == 2
    assert "authority.pub" in done.stderr
