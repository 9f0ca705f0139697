"""From raw touches to deliberate taps: no double taps, no resting hands, no ghosts. No Kivy here.

Elders' fingers drift, tremble and tap twice; palms rest on the glass; wet glass taps by itself. A
tap counts on release, wherever the finger has drifted to, and belongs to what it first touched.
"""

from collections import deque
from dataclasses import dataclass, field

Spot = tuple[int, int]

DEBOUNCE = 0.150
HELD = 1.0
GHOST_TOUCHES = 20
GHOST_WINDOW = 1.0
GHOST_MASK = 5.0
GHOST_RADIUS = 40
SEEN_AT_MOST = 64


@dataclass(slots=True)
class TouchFilter:
    """Feed it every press and release; it says which ones are a person's.

    A finger that stays down for more than HELD seconds neither chooses nor is in the way of others.
    Of several fingers that are down, the first that is lifted within that time has tapped; the
    others have not.
    """

    _down: dict[object, tuple[float, Spot]] = field(default_factory=dict)
    _last_release: float = float("-inf")
    _seen: deque[tuple[float, Spot]] = field(default_factory=lambda: deque(maxlen=SEEN_AT_MOST))
    _masked: list[tuple[float, Spot]] = field(default_factory=list)

    def press(self, finger: object, spot: Spot, at: float) -> bool:
        """Whether this press may become a tap."""
        self._note(spot, at)
        self._down = {
            other: (since, place)
            for other, (since, place) in self._down.items()
            if at - since <= HELD
        }
        if self._is_masked(spot, at) or at - self._last_release < DEBOUNCE:
            return False
        self._down[finger] = at, spot
        return True

    def release(self, finger: object, at: float) -> Spot | None:
        """Where the tap that ends with this release began; None when it is none."""
        since, spot = self._down.pop(finger, (float("-inf"), (0, 0)))
        if at - since > HELD:
            return None
        self._down.clear()
        self._last_release = at
        return spot

    def is_touched(self, at: float) -> bool:
        """Whether a finger is down that may still tap."""
        return any(at - since <= HELD for since, _ in self._down.values())

    def cancel(self) -> None:
        """Fingers that are down will not have tapped."""
        self._down.clear()

    def forget(self) -> None:
        """Drop everything remembered about where and when somebody touched."""
        self._down.clear()
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
            self._down.clear()

    def _is_masked(self, spot: Spot, at: float) -> bool:
        return any(until > at and _close(place, spot) for until, place in self._masked)


def _close(one: Spot, other: Spot) -> bool:
    return abs(one[0] - other[0]) <= GHOST_RADIUS and abs(one[1] - other[1]) <= GHOST_RADIUS
