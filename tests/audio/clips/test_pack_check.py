"""`homthu-voice check` finds each fault of a pack, with the files that people really have."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypedDict

import numpy as np
import numpy.typing as npt
import pytest
from click.testing import CliRunner

from audio.clips.pack_check import FINDINGS
from audio.clips.pack_draft import Draft
from audio.clips.prompts import Prompt
from audio.main import main
from audio.speech.sound import to_wav
from kiosk.content import catalog as catalogues
from kiosk.content import voice_pack
from kiosk.content.assets import MANIFEST, digest
from tests.audio.packs import HMONG, clip
from tests.ui.touch.place import AUTHORITY, ROOT

PROMPT = HMONG[3]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack of every prompt, as the machine says it."""
    pack = tmp_path_factory.mktemp("packs") / "seo"
    shutil.copytree(ROOT / "build" / "clips" / "hmn", pack)
    manifest = json.loads((pack / MANIFEST).read_text())
    about = {"name": "seo", "version": 1, "speaker": "nữ, Nậm Pồ"}
    (pack / MANIFEST).write_text(json.dumps({**manifest, **about}))
    return pack


class Check(TypedDict):
    """What the command prints as JSON."""

    good: bool
    whole: int
    signature: str
    findings: dict[str, str]


def checked(pack: Path, *options: str) -> tuple[int, Check]:
    done = CliRunner().invoke(main, ["check", str(pack), "--json", *options])
    return done.exit_code, json.loads(done.stdout)


@pytest.fixture
def pack(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "seo")


def test_a_complete_pack_is_good(whole: Path) -> None:
    code, told = checked(whole)
    assert code == 0
    assert told["good"]
    assert told["whole"] == len(HMONG)
    assert (told["signature"], told["findings"]) == ("draft", {})


def rewrite(
    pack: Path, samples: npt.NDArray[np.int16 | np.float64], prompt: Prompt = PROMPT
) -> None:
    Draft(pack, "hmn").keep(prompt, samples.astype(np.int16))


def lose(pack: Path) -> None:
    manifest = json.loads((pack / MANIFEST).read_text())
    del manifest["clips"][PROMPT.string_id]
    (pack / MANIFEST).write_text(json.dumps(manifest))


def cut(pack: Path) -> None:
    path = pack / f"{PROMPT.string_id}.wav"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


HARMS: dict[str, Callable[[Path], None]] = {
    "missing": lose,
    "stale": lambda pack: rewrite(pack, clip(PROMPT), replace(PROMPT, text="Lus qub")),
    "damaged": cut,
    "too_loud": lambda pack: rewrite(pack, (clip(PROMPT) * 1.9).clip(-32000, 32000)),
    "too_quiet": lambda pack: rewrite(pack, clip(PROMPT) // 8),
    "too_short": lambda pack: rewrite(pack, clip(PROMPT, 0.2)),
    "too_long": lambda pack: rewrite(pack, clip(PROMPT, 4.0)),
}


@pytest.mark.parametrize("finding", FINDINGS)
def test_each_fault_is_found_and_named(pack: Path, finding: str) -> None:
    HARMS[finding](pack)
    code, told = checked(pack)
    assert code == 2
    assert told["findings"] == {PROMPT.string_id: finding}
    assert told["whole"] == len(HMONG) - 1


@pytest.mark.parametrize("junk", [b"", b"RIFF", to_wav(np.zeros(22_050, np.int16))])
def test_a_file_that_is_no_speech_is_a_fault_even_if_the_manifest_vouches_for_it(
    pack: Path, junk: bytes
) -> None:
    manifest = json.loads((pack / MANIFEST).read_text())
    manifest["clips"][PROMPT.string_id]["wav"] = digest(junk)
    (pack / MANIFEST).write_text(json.dumps(manifest))
    (pack / f"{PROMPT.string_id}.wav").write_bytes(junk)
    assert PROMPT.string_id in checked(pack)[1]["findings"]


def test_signatures_are_told(pack: Path, tmp_path: Path) -> None:
    authority = tmp_path / "authority.pub"
    authority.write_bytes(AUTHORITY.public_key().public_bytes_raw())
    voice_pack.sign(pack, AUTHORITY)
    assert checked(pack)[1]["signature"] == "unverified"
    assert checked(pack, "--authority", str(authority))[1]["signature"] == "signed"
    (pack / voice_pack.SIGNATURE).write_bytes(bytes(64))
    code, told = checked(pack, "--authority", str(authority))
    assert (code, told["signature"]) == (2, "false")


@pytest.mark.parametrize("manifest", [b"", b"[]", b'{"clips": {}}', b"\xff", None])
def test_what_is_no_pack_is_said_in_words(pack: Path, manifest: bytes | None) -> None:
    (pack / MANIFEST).unlink() if manifest is None else (pack / MANIFEST).write_bytes(manifest)
    done = CliRunner().invoke(main, ["check", str(pack)])
    assert done.exit_code == 2
    assert "không phải gói giọng" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_table_names_the_string_and_what_to_do(pack: Path) -> None:
    cut(pack)
    done = CliRunner().invoke(main, ["check", str(pack)])
    assert PROMPT.string_id in done.stdout
    assert FINDINGS["damaged"] in done.stdout
    assert catalogues.load().words(PROMPT.string_id, "hmn").speak in done.stdout
