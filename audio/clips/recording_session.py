"""The recording booth: an officer goes through the prompts of a pack, key by key."""

import threading
from collections.abc import Callable, Sequence
from contextlib import closing

import numpy as np
from rich.console import Console
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from audio.capture.recorder import BLOCKS_S, Recorder
from audio.capture.takes import clip_of
from audio.clips.pack_draft import Draft
from audio.clips.prompts import Prompt
from audio.clips.terminal import Keyboard
from audio.playback.output import Output
from audio.speech.levels import peak
from audio.speech.sound import Samples, seconds, sound
from kiosk.common.errors import AudioError, MicrophoneError

LONGEST_S = 30
KEY_CLICK = 3
"""Blocks left out at each end, in which the key that was pressed is heard."""

METER_DB = 60
BARS = 30
CONFIDENCE = {
    "A": "A: có trong sách",
    "B": "B: ghép từ có trong sách",
    "C": "C: phỏng đoán, nếu sai xin sửa trên phiếu",
}
LISTEN, RECORD, MINE, KEEP, SKIP, BACK, QUIT = "ntlgbvq"
ALWAYS = {
    LISTEN: "nghe máy đọc",
    RECORD: "thu",
    SKIP: "bỏ qua",
    BACK: "về câu trước",
    QUIT: "thoát",
}
WITH_TAKE = {MINE: "nghe lại", KEEP: "giữ", **ALWAYS, RECORD: "thu lại"}
WITH_TAKE = {MINE: "nghe lại", KEEP: "giữ", RECORD: "thu lại"} | {
    key: ALWAYS[key] for key in (LISTEN, SKIP, BACK, QUIT)
}


class RecordingSession:
    """Goes through prompts with an officer; every clip that is kept is in the draft at once.

    `machine` finds what the machine says for a prompt.
    """

    def __init__(
        self,
        draft: Draft,
        recorder: Recorder,
        output: Output,
        machine: Callable[[Prompt], Samples],
        console: Console,
        keys: Keyboard,
    ) -> None:
        self._draft = draft
        self._recorder = recorder
        self._output = output
        self._machine = machine
        self._console = console
        self._keys = keys

    def go_through(self, prompts: Sequence[Prompt]) -> int:
        """Record until the last prompt or until the officer quits; returns how many were kept.

        Raises MicrophoneError when there is no microphone, or it has gone or is mute.
        """
        with closing(self._recorder):
            self._recorder.open()
        kept, at = set(), 0
        while at < len(prompts):
            self._show(prompts[at], at + 1, len(prompts))
            step = self._one(prompts[at])
            if step == QUIT:
                break
            if step == KEEP:
                kept.add(prompts[at].string_id)
            at = max(0, at - 1) if step == BACK else at + 1
        return len(kept)

    def _one(self, prompt: Prompt) -> str:
        """Everything about one prompt; returns how it ended: KEEP, SKIP, BACK or QUIT."""
        take: Samples | None = None
        while True:
            self._offer(ALWAYS if take is None else WITH_TAKE)
            key = self._keys.next()
            if key == LISTEN:
                self._play(prompt, None)
            elif key == RECORD:
                take = self._take(prompt)
            elif key == MINE and take is not None:
                self._play(prompt, take)
            elif key == KEEP and take is not None:
                self._draft.keep(prompt, take)
                self._console.print("[green]✓ Đã giữ[/]")
                return KEEP
            elif key in (SKIP, BACK, QUIT):
                return key

    def _take(self, prompt: Prompt) -> Samples | None:
        try:
            clip = clip_of(self._heard(), prompt.text)
        except MicrophoneError:
            raise
        except AudioError as error:
            self._console.print(f"[bold red]✗ {error.message}:[/] {error.cure}. Xin thu lại.")
            return None
        self._console.print(f"[green]● Thu được {seconds(clip):.1f} giây[/]")
        return clip

    def _heard(self) -> Samples:
        """Everything from the key that began to the key that ended, both left out."""
        blocks: list[Samples] = []
        with (
            closing(self._recorder),
            Live(Text("…"), console=self._console, transient=True, auto_refresh=False) as live,
        ):
            self._recorder.open()
            while len(blocks) < LONGEST_S * BLOCKS_S and not self._keys.is_pressed():
                blocks.append(self._recorder.read())
                live.update(_meter(blocks[-1], len(blocks) > KEY_CLICK), refresh=True)
        return np.concatenate([*blocks[KEY_CLICK:-KEY_CLICK], np.zeros(0, np.int16)])

    def _play(self, prompt: Prompt, take: Samples | None) -> None:
        """Play the take, or without one what the machine says."""
        try:
            samples = self._machine(prompt) if take is None else take
            self._output.play(sound(samples, 1.0), False, threading.Event())
            self._output.rest()
        except AudioError as error:
            self._console.print(f"[yellow]Không phát được tiếng: {error}[/]")

    def _show(self, prompt: Prompt, number: int, total: int) -> None:
        table = Table.grid(padding=(0, 2))
        table.add_row("", Text(prompt.text, "bold white on blue"))
        if prompt.vn1961:
            table.add_row("Chữ 1961", Text(prompt.vn1961))
            table.add_row("Nghĩa", Text(prompt.meaning))
            table.add_row("Độ tin", CONFIDENCE[prompt.confidence])
        self._console.rule(f"Câu {number}/{total}  [dim]{prompt.string_id}[/]", align="left")
        self._console.print(Panel(table, title=f"Màn hình: {prompt.screen}", title_align="left"))

    def _offer(self, keys: dict[str, str]) -> None:
        offered = (f"[bold reverse] {key.upper()} [/] {what}" for key, what in keys.items())
        self._console.print("  ".join(offered))


def _meter(block: Samples, is_ready: bool) -> Text:
    """How loud it is now, and how to stop."""
    full = int(np.clip((peak(block) + METER_DB) / METER_DB, 0, 1) * BARS)
    colour = "red" if full == BARS else "green"
    told = "● ĐANG THU, mời đọc" if is_ready else "  chuẩn bị…"
    return Text.assemble(
        (f"{told:<22}", "bold red"),
        ("█" * full, colour),
        ("░" * (BARS - full), "dim"),
        ("  đọc xong bấm phím cách", "dim"),
    )
