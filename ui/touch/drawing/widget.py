"""A part of the screen: a widget built once, shown with new contents, hidden when not needed."""

from kivy.uix.widget import Widget

from ui.touch.drawing.draw_context import DrawContext
from ui.touch.drawing.shapes import Canvas, Picture, Plate


class DrawnWidget(Widget):  # type: ignore[misc]
    """Draws plates and pictures on its own canvas."""

    def __init__(self, studio: DrawContext) -> None:
        super().__init__(size=(0, 0))
        self.studio = studio
        self._drawing = Canvas(self.canvas, studio.panel.height)
        self._shapes: list[Plate | Picture] = []

    def plate(self) -> Plate:
        """Add a plate on top of what is there."""
        plate = Plate(self._drawing)
        self._shapes.append(plate)
        return plate

    def picture(self, rounded: bool = False) -> Picture:
        """Add a picture on top of what is there."""
        picture = Picture(self._drawing, rounded)
        self._shapes.append(picture)
        return picture

    def hide(self) -> None:
        """Show nothing."""
        for shape in self._shapes:
            shape.hide()
