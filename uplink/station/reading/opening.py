"""Opens whole icon parts with the unlocked report keys. One bad part never hides another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kiosk.common.errors import KioskError, SealError
from kiosk.protocol import report as reports
from kiosk.protocol import synthetic_report
from kiosk.protocol.cells import Kind
from kiosk.protocol.report import Report
from kiosk.protocol.sealing import StationPrivateKey
from uplink.station.receive.store import Store, StoredPart


@dataclass(frozen=True)
class OpenedReport:
    """A part and the report in it, or the code of the reason why there is none.

    `hour` is the hour of arrival since 1970, `kiosk` its topic id; `voice` how many cells of a
    voice have come, of how many.
    """

    kiosk: str
    hour: int
    report: Report | None
    problem: str = ""
    voice: tuple[int, int] | None = None


def open_reports(store: Store, keys: Sequence[StationPrivateKey]) -> Iterator[OpenedReport]:
    """Every report that a person made, with what could not be opened flagged by its code."""
    voices = store.progress(Kind.VOICE)
    for part in store.complete_parts(Kind.ICON):
        try:
            report = _read(part, keys)
        except KioskError as error:
            yield OpenedReport(part.kiosk, part.hour, None, str(error.code))
        else:
            if report.box != synthetic_report.BOX:
                voice = voices.get((part.kiosk, part.report_id))
                yield OpenedReport(part.kiosk, part.hour, report, voice=voice)


def _read(part: StoredPart, keys: Sequence[StationPrivateKey]) -> Report:
    return reports.decode(reports.unpad(unseal(part, keys)))


def unseal(part: StoredPart, keys: Sequence[StationPrivateKey]) -> bytes:
    """The padded bytes of a part; raises SealError when none of the keys opens it."""
    for key in keys:
        try:
            return key.open(part.kind, part.sealed)
        except SealError:
            continue
    raise SealError("sealed to none of our keys")
