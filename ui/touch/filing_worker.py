"""The kiosk's door to its outbox: a report is built, sealed and kept in one worker thread.

Nothing is said to be kept before the outbox has committed it.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from queue import SimpleQueue
from time import monotonic
from typing import Protocol

from kiosk.common.errors import KioskError, OutboxError, OutboxFull
from kiosk.common.event_codes import EventCode
from kiosk.common.log_once import Reporter
from kiosk.content.questionnaire import Questionnaire
from kiosk.device import station_clock
from kiosk.device.answer_boxes import AnswerBoxes
from kiosk.device.config import Config
from kiosk.device.inbox import Inbox, station_manifest
from kiosk.device.outbox import Outbox
from kiosk.flow.model import (
    Event,
    File,
    Gate,
    GateKind,
    Kept,
    NotKept,
    OpenBox,
    Opened,
    VoiceChoice,
    VoiceGate,
)
from kiosk.protocol import cells, picture_code, report, sealing
from kiosk.protocol import synthetic_report as canaries
from kiosk.protocol.cells import Kind
from kiosk.protocol.picture_code import Code
from kiosk.protocol.synthetic_report import Canary

VOICED_ROWS = 9
"""Of a report with a voice; what is reserved for urgent reports is not for voices."""

log = logging.getLogger(__name__)


class Voices(Protocol):
    """What the filing worker needs of a voice capture."""

    @property
    def packets(self) -> bytes | None:
        """The disguised voice as it is sent; None without one."""

    def has_microphone(self) -> bool:
        """Whether a voice can be recorded now."""


class FilingWorker:
    """Files reports and says whether filing is possible, both by posting events."""

    def __init__(
        self,
        config: Config,
        questionnaire: Questionnaire,
        post: Callable[[Event], None],
        booth: Voices,
        canary: Canary | None = None,
    ) -> None:
        self._config = config
        self._booth = booth
        self._questionnaire = questionnaire
        self._post = post
        self._boxes = AnswerBoxes(config, config.code_key, config.phone_code_key)
        self._jobs: SimpleQueue[Callable[[], bool]] = SimpleQueue()
        self._outbox: Outbox | None = None
        self._trouble = Reporter(log.error)
        self._canary = canary or Canary()
        self._worker = threading.Thread(target=self._work, name="door", daemon=True)
        self._worker.start()

    def file(self, filing: File) -> None:
        """Keep a report; Kept or NotKept follows."""
        self._jobs.put(lambda: self._file(filing))

    def open(self, wish: OpenBox) -> None:
        """Look for answers with a picture code; Opened follows."""
        self._jobs.put(lambda: self._open(wish))

    def check(self) -> None:
        """Look whether there is room and a key; a Gate follows."""
        self._jobs.put(self._check)

    def read(self, done: Callable[[], None]) -> None:
        """Look into the outbox; the worker calls `done` when that went well."""
        self._jobs.put(lambda: self._read(done))

    def close(self) -> None:
        """Finish what was begun and release the outbox."""
        self._jobs.put(lambda: False)
        self._worker.join(timeout=5)

    def _work(self) -> None:
        while self._jobs.get()():
            pass
        if self._outbox is not None:
            self._outbox.close()

    def _file(self, filing: File) -> bool:
        try:
            whole, code = self._keep(filing)
        except Exception as error:
            self._report(error)
            self._post(NotKept(monotonic()))
        else:
            self._post(Kept(monotonic(), whole, code))
            self._settle()
        return self._check()

    def _settle(self) -> None:
        """Empty the log of the outbox; what was kept stays kept when that fails."""
        try:
            self._opened().settle()
        except KioskError as error:
            self._report(error)

    def _keep(self, filing: File) -> tuple[bool, Code]:
        """Keep it; whether its voice was kept too, and the code to remember: a reply has none."""
        urgent = self._questionnaire.is_urgent(filing.answers)
        day = day_of(station_clock.now(self._config.clock), urgent)
        code = filing.code or picture_code.new_code()
        answer_key = self._answer_key(code, replies=bool(filing.code))
        told = replace(build_report(filing, self._questionnaire, day), answer_key=answer_key)
        whole = self._put_whole(told)
        return whole, () if filing.code or answer_key is None else code

    def _put_whole(self, told: report.Report) -> bool:
        """Whether its voice, if any, was kept too; the icons are, when this returns."""
        if told.voice != VoiceChoice.OWN.value:
            self._put(told)
            return True
        packets = self._booth.packets
        if packets is not None and self._opened().room(urgent=False) >= VOICED_ROWS:
            try:
                self._put(told, packets)
            except OutboxFull as error:
                self._report(error)
            else:
                return True
        self._put(replace(told, voice=None))
        return False

    def _put(self, told: report.Report, voice: bytes | None = None) -> None:
        """Seal and keep the report, and its voice if any, in one transaction."""
        key = self._station_key()

        def part(kind: Kind, data: bytes, size: int) -> list[cells.Chunk]:
            sealed = sealing.seal(kind, report.pad(data, size), key)
            return cells.cut(kind, told.urgent, told.report_id, sealed)

        chunks = part(Kind.ICON, report.encode(told), report.ICON_PLAINTEXT)
        if voice is not None:
            chunks += part(Kind.VOICE, voice, report.ATTACHMENT_PLAINTEXTS[0])
        self._opened().put(chunks)

    def _answer_key(self, code: Code, replies: bool) -> bytes | None:
        """The public key of a code's answer box; a report is kept even when none can be made."""
        try:
            box = self._boxes.open(code)[0] if replies else self._boxes.box(code)
            return box.public.raw
        except (KioskError, MemoryError) as error:
            self._report(error)
            return None

    def _open(self, wish: OpenBox) -> bool:
        try:
            _, told = self._boxes.open(wish.code)
        except Exception as error:
            self._report(error)
            told = ()
        self._post(Opened(told, monotonic()))
        return True

    def _send_canary(self) -> None:
        """Put in the canary of the day when it is due; nothing else suffers when that fails."""
        try:
            now = station_clock.now(self._config.clock)
            if now is None or not self._canary.is_due(now):
                return
            if self._opened().room(urgent=False) > canaries.ROOM:
                self._put(canaries.make(now.date()))
                self._canary.sent()
                self._settle()
        except Exception as error:
            self._report(error)

    def _read(self, done: Callable[[], None]) -> bool:
        try:
            self._opened().counts()
        except KioskError as error:
            self._report(error)
        else:
            done()
        return True

    def _check(self) -> bool:
        try:
            self._station_key()
            outbox = self._opened()
            if outbox.room(urgent=False) > 0:
                kind = GateKind.OPEN
            else:
                kind = GateKind.URGENT_ONLY if outbox.room(urgent=True) > 0 else GateKind.FULL
        except KioskError as error:
            self._report(error)
            kind = GateKind.CLOSED
        self._post(Gate(kind, self._voice_gate()))
        if kind is GateKind.OPEN:
            self._send_canary()
        return True

    def _voice_gate(self) -> VoiceGate:
        if not self._voice_is_allowed():
            return VoiceGate.OFF
        return VoiceGate.ON if self._booth.has_microphone() else VoiceGate.OTHER_ONLY

    def _voice_is_allowed(self) -> bool:
        try:
            key = self._manifest().notice_key
            settings = Inbox(self._config.inbox).settings(key, None)
        except KioskError:
            settings = None
        return settings.voice if settings else self._config.voice

    def _station_key(self) -> sealing.StationPublicKey:
        return self._manifest().keys[0]

    def _manifest(self) -> sealing.Manifest:
        config = self._config
        return station_manifest(config.authority, config.manifest, config.inbox)

    def _opened(self) -> Outbox:
        if self._outbox is None:
            try:
                key = self._config.row_key.read_bytes()
            except OSError as error:
                raise OutboxError("the row key cannot be read") from error
            self._outbox = Outbox(self._config.outbox, key)
        return self._outbox

    def _report(self, error: Exception) -> None:
        code = error.code if isinstance(error, KioskError) else EventCode.PROGRAM_FAILED
        self._trouble.report(code)


def build_report(filing: File, questionnaire: Questionnaire, day: str | None) -> report.Report:
    """The report that a visit's answers make."""

    def last(field: str) -> str | None:
        chosen = questionnaire.field(field, filing.answers)
        return chosen[-1] if chosen else None

    return report.Report(
        report_id=report.new_report_id(),
        box=filing.box,
        what=questionnaire.field("what", filing.answers),
        where=last("where"),
        when=last("when"),
        how_many=last("how_many"),
        urgent=questionnaire.is_urgent(filing.answers),
        language=filing.language,
        channel="touch",
        day=day,
        voice=None if filing.voice is VoiceChoice.NONE else filing.voice.value,
    )


def day_of(now: datetime | None, urgent: bool) -> str | None:
    """The day by the station's time, with its half when urgent; None while that is not known."""
    if now is None:
        return None
    half = f" {station_clock.half_day(now)}" if urgent else ""
    return f"{now:%Y-%m-%d}{half}"
