"""Whether this machine's clock can be believed, by what is already written."""

from uplink.station.desk.context import HOUR_S, Desk

TOLERANCE_H = 2
LONG_H = 30 * 24


def is_slow(desk: Desk) -> bool:
    """Whether something happened later than now."""
    latest = max((case.hour for case in desk.cases.all()), default=0)
    return max(latest, _last_entry_h(desk)) > desk.hour + TOLERANCE_H


def may_delete(desk: Desk) -> bool:
    """Whether days may be counted: no step back, and no leap since the entry before this visit."""
    return not is_slow(desk) and desk.hour - _last_entry_h(desk) <= LONG_H


def _last_entry_h(desk: Desk) -> int:
    """The entry before the newest, which is of the sign-in that is being served."""
    entries = desk.log.entries(2)
    return entries[-1].minute * 60 // HOUR_S if entries else desk.hour
