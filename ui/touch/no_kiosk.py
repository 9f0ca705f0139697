"""What a card shows on which no kiosk can be opened: words, so that black means a fault of wires.

The service manager is not told that anything is ready: a new slot that comes to this goes.
"""

import signal
from pathlib import Path

from kivy.base import runTouchApp, stopTouchApp
from kivy.clock import Clock
from kivy.core.window import Window

from kiosk.common.errors import EXIT_BAD_INPUT
from kiosk.views import staff
from ui.touch import window
from ui.touch.drawing.canvas import ScreenCanvas
from ui.touch.drawing.draw_context import DrawContext
from ui.touch.drawing.text import TextTextures
from ui.touch.drawing.textures import PictureTextures
from ui.touch.input.event_wait import FramePacer, best_waiter
from ui.touch.layout.geometry import Panel
from ui.touch.layout.placement import place

SHOWN_S = 60.0
"""Then the program ends, and is started again to look again."""


def run(assets: Path, width_mm: float) -> int:
    """Say so for a while, on a panel of about this width; returns the exit code."""
    window.shut_doors()
    width, height = map(int, Window.size)
    panel = Panel(width, height, width_mm)
    words, languages = staff.catalogue(), staff.LANGUAGES
    studio = DrawContext(panel, PictureTextures(assets), TextTextures(), words, languages)
    stage = ScreenCanvas(studio, lambda _finger, _spot: False, lambda _finger: None)
    stage.draw(place(staff.no_kiosk(), panel))
    FramePacer(best_waiter()).install(Clock)
    signal.signal(signal.SIGTERM, lambda _number, _frame: stopTouchApp())
    Clock.schedule_once(lambda _dt: stopTouchApp(), SHOWN_S)
    runTouchApp(stage)
    return EXIT_BAD_INPUT
