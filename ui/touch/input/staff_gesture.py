"""The way to the staff screen: a long press top left, then one bottom right. No Kivy here.

Two presses one after the other rather than at once, so that a panel that feels a single finger
will do.
"""

from dataclasses import dataclass
from enum import Enum

from ui.touch.layout.geometry import Panel

CORNER_MM = 14.0
HELD_S = 3.0
WITHIN_S = 10.0

Spot = tuple[int, int]


class GestureStep(Enum):
    """What a release was: an ordinary tap, one of the two long presses, or the second of them."""

    NONE = "none"
    HALF = "half"
    OPEN = "open"


@dataclass(slots=True)
class StaffGesture:
    """Feed it every press and release."""

    panel: Panel
    _finger: object | None = None
    _spot: Spot = (0, 0)
    _since: float = 0.0
    _first_at: float = float("-inf")

    def press(self, finger: object, spot: Spot, at: float) -> None:
        """A finger came down."""
        self._finger, self._spot, self._since = finger, spot, at

    def release(self, finger: object, at: float) -> GestureStep:
        """A finger went up."""
        if finger != self._finger or at - self._since < HELD_S:
            return GestureStep.NONE
        self._finger = None
        x, y = self._spot
        size = self.panel.px(CORNER_MM)
        if x < size and y < size:
            self._first_at = at
            return GestureStep.HALF
        if x < self.panel.width - size or y < self.panel.height - size:
            return GestureStep.NONE
        opened = at - self._first_at <= HELD_S + WITHIN_S
        self._first_at = float("-inf")
        return GestureStep.OPEN if opened else GestureStep.HALF
