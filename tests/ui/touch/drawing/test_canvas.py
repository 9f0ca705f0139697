"""Drawn screens, in an offscreen window: rings, words, fingers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.kiosk.every_view import VIEWS
from ui.palette import accent_of
from ui.touch.layout.placement import Scene, place

if TYPE_CHECKING:
    from kivy.graphics.texture import Texture

    from ui.touch.drawing.canvas import ScreenCanvas
    from ui.touch.drawing.draw_context import DrawContext
    from ui.touch.drawing.text import Style


class Drawn(NamedTuple):
    """A stage in the window, the touches it passed on, and a way to read a pixel."""

    stage: ScreenCanvas
    received: list[object]
    pixel: Callable[[int, int], tuple[int, ...]]


@pytest.fixture
def drawn(studio: DrawContext) -> Iterator[Drawn]:
    from kivy.base import EventLoop
    from kivy.core.window import Window
    from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels

    from ui.touch.drawing.canvas import ScreenCanvas

    received: list[object] = []

    def press(_finger: object, spot: tuple[int, int]) -> bool:
        received.append(spot)
        return True

    stage = ScreenCanvas(studio, press, received.append)
    EventLoop.ensure_window()
    EventLoop.status = "started"
    Window.clear()
    Window.add_widget(stage)

    def pixel(x: int, y: int) -> tuple[int, ...]:
        Window.canvas.ask_update()
        EventLoop.idle()
        return tuple(
            glReadPixels(x, studio.panel.height - 1 - y, 1, 1, GL_RGB, GL_UNSIGNED_BYTE)[:3]
        )

    yield Drawn(stage, received, pixel)
    Window.remove_widget(stage)


def shown(studio: DrawContext, screen: str) -> Scene:
    return place(next(v for v in VIEWS if v.screen.value == screen), studio.panel)


def test_a_card_is_ringed_in_its_accent_and_let_go_again(studio: DrawContext, drawn: Drawn) -> None:
    stage, _, pixel = drawn
    scene = shown(studio, "menu")
    stage.draw(scene)
    where = scene.targets["box:crime"]
    ring = (where.x + 4, where.centre[1])
    plain = pixel(*ring)
    stage.emphasise("box:crime")
    crimson = tuple(round(part * 255) for part in accent_of("crime")[:3])
    assert pixel(*ring) == pytest.approx(crimson, abs=3)
    stage.emphasise(None)
    assert pixel(*ring) == plain


def test_nothing_of_the_last_screen_stays(studio: DrawContext, drawn: Drawn) -> None:
    stage, _, pixel = drawn
    scene = shown(studio, "done")
    stage.draw(scene)
    spots = [(x, y) for x in range(20, 800, 60) for y in range(20, 480, 45)]
    before = [pixel(*spot) for spot in spots]
    for name in ("read_back", "danger", "procedure", "phone", "start", "question"):
        stage.draw(shown(studio, name))
    stage.draw(scene)
    assert [pixel(*spot) for spot in spots] == before


def test_all_words_of_all_screens_fit(
    studio: DrawContext, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, _, _ = drawn
    fit = studio.lettering.fit
    fitted: list[tuple[str, int, int]] = []

    def record(text: str, width: int, height: int, style: Style) -> Texture:
        texture = fit(text, width, height, style)
        fitted.append((text, texture.height, height))
        return texture

    monkeypatch.setattr(studio.lettering, "fit", record)
    for view in VIEWS:
        stage.draw(place(view, studio.panel))
    assert len(fitted) > 300
    assert [entry for entry in fitted if entry[1] > entry[2]] == []


def test_every_screen_has_all_its_pictures(studio: DrawContext) -> None:
    wanted = {t.picture for v in VIEWS for t in (*v.tiles, *v.buttons)} | {v.picture for v in VIEWS}
    wanted |= {"listen_again", "home", "back", "quick_exit", "idle", "speaker", "phone"}
    assert [name for name in sorted(wanted) if studio.pictures.texture(name, 200) is None] == []


def test_ten_fingers_reach_the_filter_and_nothing_else(studio: DrawContext, drawn: Drawn) -> None:
    from kivy.tests.common import UnitTestTouch

    stage, received, _ = drawn
    stage.draw(shown(studio, "menu"))
    fingers = [UnitTestTouch(50 + 70 * n, 200) for n in range(10)]
    for finger in fingers:
        finger.touch_down()
    for finger in fingers:
        finger.touch_move(10, 10)
        finger.touch_up()
    assert len(received) == 20
    assert received[0] == (50, 279)


def test_a_right_click_is_no_touch(studio: DrawContext, drawn: Drawn) -> None:
    from kivy.tests.common import UnitTestTouch

    stage, received, _ = drawn
    touch = UnitTestTouch(300, 200)
    touch.button = "right"
    assert stage.on_touch_down(touch)
    assert received == []
