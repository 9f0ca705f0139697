"""The few shapes everything is drawn with, each updated in place rather than made again."""

from kivy.graphics import Color, Rectangle, SmoothRoundedRectangle
from kivy.graphics.instructions import InstructionGroup
from kivy.graphics.texture import Texture
from kivy.graphics.vertex_instructions import RoundedRectangle

from ui.palette import CLEAR, WHITE, Colour
from ui.touch.layout.geometry import Rect

NOWHERE = Rect(0, 0, 0, 0)
AWAY = (-20_000, -20_000)


class Canvas:
    """Adds shapes to a group and turns top-left rectangles into Kivy's bottom-left ones."""

    def __init__(self, group: InstructionGroup, height: int) -> None:
        self.group = group
        self.height = height

    def y_of(self, place: Rect) -> int:
        """Kivy's lower edge of a place."""
        return self.height - place.bottom


class Plate:
    """A filled rounded rectangle."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._colour = Color(rgba=CLEAR)
        self._shape = SmoothRoundedRectangle(pos=(0, 0), size=(0, 0))
        canvas.group.add(self._colour)
        canvas.group.add(self._shape)

    def put(self, place: Rect, colour: Colour, radius: int) -> None:
        """Show it at `place`."""
        self._colour.rgba = colour
        self._shape.radius = [min(radius, place.w // 2, place.h // 2)]
        self._shape.pos = (place.x, self._canvas.y_of(place))
        self._shape.size = (place.w, place.h)

    def hide(self) -> None:
        """Move it out of sight; a smooth shape without a size would go on showing its last one."""
        self._colour.rgba = CLEAR
        self._shape.pos = AWAY


class Picture:
    """A texture, with rounded corners where `rounded`; the whole of it always seen."""

    def __init__(self, canvas: Canvas, rounded: bool = False) -> None:
        self._canvas = canvas
        self._shape = RoundedRectangle(size=(0, 0)) if rounded else Rectangle(size=(0, 0))
        self._rounded = rounded
        self._colour = Color(rgba=CLEAR)
        canvas.group.add(self._colour)
        canvas.group.add(self._shape)

    def put(self, place: Rect, texture: Texture, radius: int = 0) -> None:
        """Show `texture` stretched over `place`."""
        self._colour.rgba = WHITE
        self._shape.texture = texture
        if self._rounded:
            self._shape.radius = [radius]
        self._shape.pos = (place.x, self._canvas.y_of(place))
        self._shape.size = (place.w, place.h)

    def hide(self) -> None:
        """Show it nowhere, and release the texture."""
        self._colour.rgba = CLEAR
        self._shape.pos = AWAY
        self._shape.texture = None
