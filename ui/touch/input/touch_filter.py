"""From raw touches to deliberate taps: first finger only, no double taps, no ghosts. No Kivy here.

Elders' fingers drift, tremble and tap twice; wet glass taps by itself. A tap counts on release,
wherever the finger has drifted to, and belongs to what the finger first touched.
"""

from collections import deque
from dataclasses import dataclass, field

Spot = tuple[int, int]

DEBOUNCE = 0.150
GHOST_TOUCHES = 20
GHOST_WINDOW = 1.0
GHOST_MASK = 5.0
GHOST_RADIUS = 40
SEEN_AT_MOST = 64


@dataclass(slots=True)
class TouchFilter:
    """Feed it every press and release; it says which ones are a person's."""

    _finger: object | None = None
    _pressed_at: Spot = (0, 0)
    _last_release: float = float("-inf")
    _seen: deque[tuple[float, Spot]] = field(default_factory=lambda: deque(maxlen=SEEN_AT_MOST))
    _masked: list[tuple[float, Spot]] = field(default_factory=list)

    def press(self, finger: object, spot: Spot, at: float) -> bool:
        """Whether this press starts a tap."""
        self._note(spot, at)
        if self._finger is not None or self._is_masked(spot, at):
            return False
        if at - self._last_release < DEBOUNCE:
            return False
        self._finger, self._pressed_at = finger, spot
        return True

    def release(self, finger: object, at: float) -> Spot | None:
        """Where the tap that ends with this release began; None for any other finger."""
        if finger is None or finger != self._finger:
            return None
        self._finger = None
        self._last_release = at
        return self._pressed_at

    def forget(self) -> None:
        """Drop everything remembered about where and when somebody touched."""
        self._finger = None
        self._seen.clear()

    def _note(self, spot: Spot, at: float) -> None:
        """Remember the touch; mask its place when no hand could tap there so fast."""
        self._seen.append((at, spot))
        self._masked = [(until, place) for until, place in self._masked if until > at]
        near = sum(
            1 for when, place in self._seen if at - when <= GHOST_WINDOW and _close(place, spot)
        )
        if near > GHOST_TOUCHES and not self._is_masked(spot, at):
            self._masked.append((at + GHOST_MASK, spot))
            self._finger = None

    def _is_masked(self, spot: Spot, at: float) -> bool:
        return any(until > at and _close(place, spot) for until, place in self._masked)


def _close(one: Spot, other: Spot) -> bool:
    return abs(one[0] - other[0]) <= GHOST_RADIUS and abs(one[1] - other[1]) <= GHOST_RADIUS
