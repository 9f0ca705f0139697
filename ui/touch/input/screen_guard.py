"""Keeps the finger that brought a new screen from choosing on it as well. No Kivy here.

A double tap of an elder takes up to 350 ms, and on nine of ten new screens a target lies under it.
"""

from dataclasses import dataclass

GUARD_S = 0.7
UNSEEN_S = 2.0
LIMIT_S = 5.0

_LONG_AGO = float("-inf")


@dataclass(slots=True)
class ScreenGuard:
    """Feed it every new screen, the first frame that shows it, and every press.

    It stops presses for GUARD_S seconds from that frame; should no frame come, for UNSEEN_S from
    the change. Where a target cannot be undone, each stopped press begins the wait again, up to
    LIMIT_S in all: a finger that drums must rest first.
    """

    _until: float = _LONG_AGO
    _changed: float = _LONG_AGO
    _unseen: bool = False
    _strict: bool = False

    def screen_changed(self, at: float, strict: bool) -> None:
        """A new screen is about to be drawn; `strict` where a target on it cannot be undone."""
        self._changed, self._until = at, at + UNSEEN_S
        self._unseen, self._strict = True, strict

    def frame_shown(self, at: float) -> bool:
        """A frame is on the glass; whether it is the first of its screen."""
        first, self._unseen = self._unseen, False
        if first:
            self._until = min(self._until, at + GUARD_S)
        return first

    def stops(self, at: float) -> bool:
        """Whether a press at this moment comes too early."""
        if at >= self._until:
            return False
        if self._strict and not self._unseen:
            self._until = max(self._until, min(at + GUARD_S, self._changed + LIMIT_S))
        return True

    def left(self, at: float) -> float:
        """Seconds until a press counts."""
        return max(0.0, self._until - at)
