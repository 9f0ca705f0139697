"""Whether this machine's clock can be believed, by what is already written."""

from uplink.station.desk.web.context import HOUR_S, Desk

TOLERANCE_H = 2
DAY_H = 24
LONG_H = 30 * DAY_H
LOOKED_AT = 500


def is_slow(desk: Desk) -> bool:
    """Whether something happened later than now."""
    latest = max((case.hour for case in desk.cases.all()), default=0)
    return max(latest, *_logged_h(desk, 2)) > desk.hour + TOLERANCE_H


def may_delete(desk: Desk) -> bool:
    """Whether days may be counted: no step back, and no leap of a month within the last day."""
    before_today = [hour for hour in _logged_h(desk, LOOKED_AT) if hour <= desk.hour - DAY_H]
    leapt = bool(before_today) and desk.hour - before_today[0] > LONG_H
    return not is_slow(desk) and not leapt


def _logged_h(desk: Desk, newest: int) -> list[int]:
    """The hours of the last entries of the log, newest first."""
    return [entry.minute * 60 // HOUR_S for entry in desk.log.entries(newest)] or [desk.hour]
