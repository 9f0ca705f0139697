"""Numbered reports: put into an outbox, and seen at the station."""

from kiosk.device.outbox import Outbox
from tests.uplink.village import Village, icon_chunks, make_report


def put(outbox: Outbox, village: Village, number: int, tag: str = "m") -> None:
    for index in range(number):
        report = make_report(what=(f"{tag}:{index}",))
        outbox.put(icon_chunks(report, village.report_key.public))
        outbox.settle()


def arrived(village: Village) -> list[str]:
    return sorted(item["what"][0] for item in village.inbox())


def sent(number: int, tag: str = "m") -> list[str]:
    return sorted(f"{tag}:{index}" for index in range(number))
