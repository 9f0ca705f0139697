"""The commands of `homthu-voice` about people's voices: record, check, install, sheet."""

import json
import sys
from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from audio.capture.recorder import Microphone
from audio.clips import pack_check, review_sheet
from audio.clips.options import FOLDER, assets_option, data_option, progress
from audio.clips.pack_check import FINDINGS, SIGNATURES, Result
from audio.clips.pack_draft import Draft
from audio.clips.prompts import Prompt, prompts
from audio.clips.recording_session import RecordingSession
from audio.clips.sources import Sources
from audio.clips.terminal import Keyboard
from audio.playback.backends import best_output
from audio.playback.output import Devices
from audio.speech.espeak import Engine
from audio.speech.sound import Samples
from audio.speech.voice import Clause
from kiosk.common.command_line import explained
from kiosk.common.errors import EXIT_BAD_INPUT, VoicePackError
from kiosk.content import catalog as catalogues
from kiosk.content import questionnaire, voice_pack
from kiosk.content.assets import Clips
from kiosk.content.catalog import HMONG, LANGUAGES
from kiosk.device import config

pack_argument = click.argument("pack", type=FOLDER)
authority_option = click.option(
    "--authority",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Tệp authority.pub để kiểm tra chữ ký. / authority.pub of a kiosk's bundle.",
)


@click.command()
@click.option("--pack", type=FOLDER, required=True, help="Thư mục gói giọng. / The pack's folder.")
@click.option("--language", type=click.Choice(LANGUAGES), required=True)
@click.option("--speaker-note", default="", help="Vùng, tuổi; không ghi tên. / Not the name.")
@click.option("--all", "again", is_flag=True, help="Thu lại tất cả. / Also what is recorded.")
@click.option("--microphone", default="", help="Tên micrô hoặc một phần. / Its name or a part.")
@assets_option
@data_option
def record(
    pack: Path,
    language: str,
    speaker_note: str,
    again: bool,
    microphone: str,
    assets: Path,
    data: Path,
) -> None:
    """Thu giọng người đọc từng câu. / Record every prompt, spoken by a person."""
    console = Console()
    with explained(), Keyboard() as keys:
        draft = Draft(pack, language, speaker_note)
        wanted = [p for p in _prompts(language) if again or not draft.is_current(p)]
        sources = Sources(Clips([assets / "clips" / language]), Engine(data).synthesise)

        def machine(prompt: Prompt) -> Samples:
            return sources.samples(Clause(prompt.text, language, None, prompt.string_id))

        output = best_output(Devices())
        booth = RecordingSession(draft, Microphone(microphone), output, machine, console, keys)
        kept = booth.go_through(wanted)
        left = sum(not draft.is_current(prompt) for prompt in _prompts(language))
        console.print(f"Đã giữ {kept} câu, còn thiếu {left}. Xem: homthu-voice check {pack}")


@click.command()
@pack_argument
@authority_option
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON. / Print JSON.")
def check(pack: Path, authority: Path | None, as_json: bool) -> None:
    """Kiểm tra gói giọng: thiếu, cũ, hỏng, to nhỏ. / What is missing in PACK, or wrong."""
    with explained():
        described = voice_pack.read(pack)
        asked = _prompts(described.language)
        key = authority.read_bytes() if authority else None
        with progress() as bar:
            task = bar.add_task(pack.name, total=len(asked))
            result = pack_check.check(described, asked, key, lambda _: bar.advance(task))
        if as_json:
            click.echo(json.dumps(_report(described, result), ensure_ascii=False))
        else:
            _tell(described, asked, result)
    sys.exit(0 if result.is_good else EXIT_BAD_INPUT)


@click.command()
@pack_argument
@click.option("--kiosk", "kiosk_folder", type=FOLDER, required=True, help="Nơi có kiosk.toml.")
def install(pack: Path, kiosk_folder: Path) -> None:
    """Cài gói giọng đã ký vào kiosk. / Put a signed PACK into a kiosk."""
    with explained():
        settings = config.load(kiosk_folder / "kiosk.toml")
        try:
            key = settings.authority.read_bytes()
        except OSError:
            raise VoicePackError(
                f"thiếu {settings.authority} / is missing", "chép lại từ gói cài / from the bundle"
            ) from None
        clips = voice_pack.read(pack).clips
        with progress() as bar:
            task = bar.add_task(pack.name, total=len(clips))
            click.echo(voice_pack.install(pack, settings.voices, key, lambda _: bar.advance(task)))


@click.command()
@click.option("--out", type=FOLDER, required=True, help="Thư mục ghi phiếu. / Where to write.")
def sheet(out: Path) -> None:
    """In phiếu duyệt chữ Hmông (PDF, CSV). / The review sheet for a native speaker."""
    with explained():
        for path in review_sheet.write(_prompts(HMONG), out):
            click.echo(path)


def _prompts(language: str) -> list[Prompt]:
    return prompts(catalogues.load(), questionnaire.load(), language)


def _report(pack: voice_pack.VoicePack, result: Result) -> dict[str, object]:
    return {
        "name": pack.name,
        "version": pack.version,
        "language": pack.language,
        "signature": result.signature,
        "good": result.is_good,
        "whole": result.whole,
        "findings": dict(result.findings),
    }


def _tell(pack: voice_pack.VoicePack, asked: list[Prompt], result: Result) -> None:
    console, texts = Console(), {prompt.string_id: prompt.text for prompt in asked}
    console.print(
        f"{pack.name} {pack.version} ({pack.language}): {result.whole}/{len(asked)} câu tốt; "
        f"{SIGNATURES[result.signature]}",
        highlight=False,
    )
    if result.findings:
        counts = Counter(FINDINGS[finding] for _, finding in result.findings)
        table = Table("Câu", "Lời", "Việc cần làm")
        for string_id, finding in result.findings:
            table.add_row(string_id, texts[string_id], FINDINGS[finding])
        console.print(table)
        console.print("; ".join(f"{finding}: {count}" for finding, count in counts.items()))
