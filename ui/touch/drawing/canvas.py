"""The stage: prebuilt parts that are given new faces for every scene, never built again.

A scene is drawn once into a still picture; a ring that comes and goes costs only itself, so that
a finger is answered at once even where there is no graphics hardware.
"""

from collections.abc import Callable

from kivy.graphics import Color, Fbo, Rectangle

from kiosk.views.model import JOIN_WIFI, RAIL, Tile
from kiosk.views.model import QUICK_EXIT as QUICK_EXIT_TILE
from kiosk.views.wording import Wording, prompt_wording, tile_wording, wording
from ui.palette import WHITE, Colour, accent_of
from ui.touch.drawing.card import RADIUS_MM, Card, Face, Kind
from ui.touch.drawing.decoration import Ground, IdleWarning
from ui.touch.drawing.draw_context import DrawContext
from ui.touch.drawing.heading import Heading
from ui.touch.drawing.poster import CodeCard, Poster
from ui.touch.drawing.ring import Ring
from ui.touch.drawing.veil import Veil
from ui.touch.drawing.widget import DrawnWidget
from ui.touch.layout.geometry import Rect
from ui.touch.layout.placement import PHONE, QUICK_EXIT, Placed, Scene, Shape

CARDS = 18
PRIMARY = ("send",)
WORDS_ALONE = {Kind.TILE: Kind.KEY, Kind.STRIP: Kind.LETTER}
TILE_KINDS = {Shape.GRID: Kind.TILE, Shape.WRITTEN: Kind.STRIP}

Pressed = Callable[[object, tuple[int, int]], bool]
Released = Callable[[object], None]


class ScreenCanvas(DrawnWidget):
    """Draws scenes and passes raw touches on; it knows nothing of what they mean."""

    def __init__(self, studio: DrawContext, pressed: Pressed, released: Released) -> None:
        super().__init__(studio)
        self.size = studio.panel.width, studio.panel.height
        self._pressed, self._released = pressed, released
        self._heading, self._poster = Heading(studio), Poster(studio)
        self._spare = [Card(studio) for _ in range(CARDS)]
        self._code, self._warning = CodeCard(studio), IdleWarning(studio)
        self._used: list[Card] = []
        self._by_target: dict[str, Card] = {}
        self.scene: Scene | None = None
        with self.canvas:
            self._still = Fbo(size=self.size)
            Color(rgba=WHITE)
            Rectangle(size=self.size, texture=self._still.texture)
        ground, over = Ground(studio), (self._code, self._warning)
        for part in (ground, self._heading, self._poster, *self._spare, *over):
            self._still.add(part.canvas)
        self._veil, self._ring = Veil(studio), Ring(studio)
        for part in (self._veil, self._ring):
            self.add_widget(part)

    def draw(self, scene: Scene) -> None:
        """Show a scene."""
        self._clear()
        self.scene = scene
        view, accent = scene.view, accent_of(scene.view.accent)
        if scene.shape is Shape.START:
            self._draw_start(scene)
        else:
            self._draw_inner(scene, accent)
        if view.warning:
            self._warning.show()

    def emphasise(self, target: str | None) -> None:
        """Ring the card of `target` and no other."""
        card = self._by_target.get(target or "")
        if card is None:
            self._ring.hide()
        else:
            self._ring.show(*card.ring, self.studio.panel.px(RADIUS_MM))

    def settle(self, seconds: float) -> None:
        """Veil the picture, and lift the veil within so many seconds."""
        self._veil.settle(seconds)

    def preload(self, scene: Scene) -> None:
        """Load the pictures of a scene that may come next."""
        for placed in scene.tiles:
            self.studio.pictures.texture(placed.tile.picture, placed.place.w)

    # Kivy's touches

    def on_touch_down(self, touch: object) -> bool:
        """Swallow every touch; only a plain one counts."""
        if getattr(touch, "button", None) in (None, "left"):
            self._pressed(touch.uid, self._spot(touch))  # type: ignore[attr-defined]
        return True

    def on_touch_move(self, touch: object) -> bool:
        """A finger may drift."""
        return True

    def on_touch_up(self, touch: object) -> bool:
        """The end of a touch."""
        self._released(touch.uid)  # type: ignore[attr-defined]
        return True

    def _spot(self, touch: object) -> tuple[int, int]:
        return int(touch.x), int(self.studio.panel.height - 1 - touch.y)  # type: ignore[attr-defined]

    # Drawing

    def _clear(self) -> None:
        for card in self._used:
            card.hide()
        self._used, self._by_target = [], {}
        self._ring.hide()
        for part in (self._heading, self._poster, self._code, self._warning):
            part.hide()

    def _draw_start(self, scene: Scene) -> None:
        for placed in scene.tiles:
            self._tile(placed, Kind.LANGUAGE, scene)
        for placed in scene.buttons:
            self._tile(placed, Kind.STRIP, scene)
        if scene.code is not None and scene.view.qr:
            words = self._words(scene, JOIN_WIFI.string_id)
            self._card(PHONE, scene.code, Kind.PHONE, JOIN_WIFI.picture, words)
            self._code.show(Card.code_room(scene.code, self.studio.panel), scene.view.qr)

    def _draw_inner(self, scene: Scene, accent: Colour) -> None:
        view, header = scene.view, scene.header
        assert header is not None
        prompt = prompt_wording(self.studio.catalog, self.studio.languages, view)
        if scene.message is None:
            self._heading.show(header, view.picture, prompt, view.progress, accent)
        else:
            numbers = tuple((self._words(scene, name).large, n) for name, n in view.numbers)
            self._poster.show(scene.message, view.picture, prompt, numbers, bool(view.told))
        shown = TILE_KINDS.get(scene.shape, Kind.SHOWN)
        for placed in scene.tiles:
            self._tile(placed, shown, scene)
        for placed in scene.buttons:
            primary = placed.tile.target in PRIMARY
            self._tile(placed, Kind.SEND if primary else Kind.ACTION, scene)
        if scene.code is not None and view.qr:
            self._code.show(scene.code, view.qr)
        self._draw_rail(scene)
        if view.quick_exit:
            self._card(
                QUICK_EXIT, header.quick_exit, Kind.NAV, QUICK_EXIT_TILE.picture, Wording("")
            )

    def _draw_rail(self, scene: Scene) -> None:
        for target, place in scene.rail:
            verb, _, language = target.partition(":")
            if verb == "lang":
                tile = Tile(target, f"lang_{language}", f"language.{language}")
                self._tile(Placed(tile, place), Kind.NAV, scene)
            else:
                tile = RAIL[verb]
                words = self._words(scene, tile.string_id)
                self._card(target, place, Kind.NAV, tile.picture, words)

    def _tile(self, placed: Placed, kind: Kind, scene: Scene) -> None:
        tile, view = placed.tile, scene.view
        words = tile_wording(self.studio.catalog, self.studio.languages, view.language, tile)
        accent = accent_of(tile.accent or view.accent)
        self._card(
            tile.target,
            placed.place,
            kind if tile.picture else WORDS_ALONE[kind],
            tile.picture,
            words,
            accent,
        )

    def _card(
        self,
        target: str | None,
        place: Rect,
        kind: Kind,
        picture: str,
        words: Wording,
        accent: Colour | None = None,
    ) -> None:
        card = self._spare[len(self._used)]
        card.show(place, Face(kind, picture, words, accent or accent_of(None)))
        self._used.append(card)
        if target is not None:
            self._by_target[target] = card

    def _words(self, scene: Scene, string_id: str) -> Wording:
        studio = self.studio
        return wording(studio.catalog, studio.languages, scene.view.language, string_id)
