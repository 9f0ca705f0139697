"""Rectangles and panels: the arithmetic every screen is laid out with. No Kivy here.

The origin is the top left corner, as on a touch panel; whoever draws turns it over.
"""

from dataclasses import dataclass
from math import ceil

SMALLEST_HEIGHT_MM = 90.0


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in whole pixels."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """First pixel column right of the rectangle."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """First pixel row below the rectangle."""
        return self.y + self.h

    @property
    def centre(self) -> tuple[int, int]:
        """The middle, where a careful finger lands."""
        return self.x + self.w // 2, self.y + self.h // 2

    def contains(self, spot: tuple[int, int]) -> bool:
        """Whether a touch at `spot` lands inside."""
        return self.x <= spot[0] < self.right and self.y <= spot[1] < self.bottom

    def grown(self, by: int) -> "Rect":
        """The same rectangle, `by` pixels larger on every side (smaller when negative)."""
        return Rect(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)

    def gap_to(self, other: "Rect") -> int:
        """Pixels of empty ground between two rectangles; 0 when they touch or overlap."""
        across = max(other.x - self.right, self.x - other.right)
        down = max(other.y - self.bottom, self.y - other.bottom)
        return max(0, across, down)

    def overlaps(self, other: "Rect") -> bool:
        """Whether both share at least one pixel."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Panel:
    """The screen: its pixels, and its true width, because fingers are measured in millimetres."""

    width: int
    height: int
    width_mm: float

    def px(self, mm: float) -> int:
        """Pixels that are at least `mm` long."""
        return ceil(mm * self.width / self.width_mm)

    def scaled(self, mm: float) -> int:
        """Pixels for what should grow with the panel: `mm` on the smallest, more on larger ones."""
        return max(self.px(mm), ceil(mm * self.height / SMALLEST_HEIGHT_MM))

    @property
    def whole(self) -> Rect:
        """The full screen."""
        return Rect(0, 0, self.width, self.height)


def columns(area: Rect, count: int, gap: int) -> tuple[Rect, ...]:
    """Cut `area` into equal columns with `gap` pixels between them."""
    width = (area.w - gap * (count - 1)) // count
    return tuple(Rect(area.x + i * (width + gap), area.y, width, area.h) for i in range(count))


def rows(area: Rect, count: int, gap: int) -> tuple[Rect, ...]:
    """Cut `area` into equal rows with `gap` pixels between them."""
    height = (area.h - gap * (count - 1)) // count
    return tuple(Rect(area.x, area.y + i * (height + gap), area.w, height) for i in range(count))


def cells(area: Rect, across: int, down: int, gap: int) -> tuple[Rect, ...]:
    """Cut `area` into a grid, row by row."""
    return tuple(cell for row in rows(area, down, gap) for cell in columns(row, across, gap))


def centred(area: Rect, width: int, height: int) -> Rect:
    """A rectangle of the given size in the middle of `area`."""
    return Rect(area.x + (area.w - width) // 2, area.y + (area.h - height) // 2, width, height)


def fitted(area: Rect, across: int, down: int) -> Rect:
    """The largest rectangle of proportion `across`:`down` in the middle of `area`."""
    scale = min(area.w / across, area.h / down)
    return centred(area, int(across * scale), int(down * scale))
