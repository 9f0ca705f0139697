"""What a visit does when the board changes, and when a new notice may be played aloud."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from kiosk.flow.model import Announce, BoardChanged, Effect, Hush, Place, Rules, Screen, VisitState
from kiosk.protocol.station_settings import covers

LOUD_MINUTES = 10
"""A notice is played on the hour, or in these minutes after it when somebody was there."""


def is_loud(hours: Iterable[tuple[int, int]], now: datetime | None) -> bool:
    """Whether it is the time of the loudspeaker; never while the station's time is not known."""
    return now is not None and now.minute < LOUD_MINUTES and covers(hours, now.hour)


def hear(
    state: VisitState, news: BoardChanged, rules: Rules
) -> tuple[VisitState, tuple[Effect, ...]]:
    """Take over the board; play the oldest new notice when nobody is there to be disturbed."""
    waiting = tuple(i for i in (*state.unheard, *news.arrived) if news.board.notice(i))
    told = replace(state, board=news.board, unheard=waiting)
    if _has_gone(state, news):
        return replace(told, place=Place(Screen.NOTICES), history=told.history[:-1]), (Hush(),)
    if not (news.loud and waiting and _is_quiet(told, news.at, rules)):
        return told, ()
    first, *later = waiting
    posted = news.board.notice(first)
    assert posted is not None
    heard = replace(told, unheard=tuple(later), speaking_since=news.at)
    return heard, (Announce(posted.text),)


def _has_gone(state: VisitState, news: BoardChanged) -> bool:
    """Whether the notice on the screen has been withdrawn or has expired."""
    item = state.place.item or ""
    return (
        state.place.screen is Screen.NOTICE
        and state.board.notice(item) is not None
        and news.board.notice(item) is None
    )


def _is_quiet(state: VisitState, at: float, rules: Rules) -> bool:
    return (
        state.place.screen is Screen.START
        and state.speaking_since is None
        and not rules.is_private(state)
        and at - state.touched_at >= rules.quiet_for_s
    )
