"""Ninety days after it is closed a report is deleted for good, with its attachments."""

from uplink.station.desk.web import clock
from uplink.station.desk.web.context import Desk

KEEP_H = 90 * 24
DAY_H = 24


def tidy(desk: Desk) -> None:
    """Delete what is due; does nothing twice a day, nor by a clock that cannot be believed."""
    today = desk.hour // DAY_H
    if desk.office.tidied == today or not clock.may_delete(desk):
        return
    desk.office.tidied = today
    due = [
        case
        for case in desk.cases.all()
        if case.closed is not None and desk.hour - case.closed >= KEEP_H
    ]
    for case in due:
        desk.note("delete", case.id, "90 ngày sau khi đóng")
    desk.cases.forget(due)
