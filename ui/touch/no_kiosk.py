"""What a card shows on which no kiosk can be opened: words, so that black means a fault of wires.

The service manager is not told that anything is ready: a new slot that comes to this goes.
"""

import signal
from pathlib import Path

from kivy.base import runTouchApp, stopTouchApp
from kivy.clock import Clock
from kivy.core.window import Window

from kiosk import staff_view
from kiosk.errors import EXIT_BAD_INPUT
from ui.touch import window
from ui.touch.geometry import Panel
from ui.touch.lettering import Lettering
from ui.touch.pictures import Pictures
from ui.touch.placing import place
from ui.touch.stage import Stage
from ui.touch.studio import Studio
from ui.touch.wake import Pacer, best_waiter

SHOWN_S = 60.0
"""Then the program ends, and is started anew to look again."""


def run(assets: Path, width_mm: float) -> int:
    """Say so for a while, on a panel of about this width; returns the exit code."""
    window.shut_doors()
    width, height = map(int, Window.size)
    panel = Panel(width, height, width_mm)
    words, languages = staff_view.catalogue(), staff_view.LANGUAGES
    studio = Studio(panel, Pictures(assets), Lettering(), words, languages)
    stage = Stage(studio, lambda _finger, _spot: False, lambda _finger: None)
    stage.draw(place(staff_view.no_kiosk(), panel))
    Pacer(best_waiter()).install(Clock)
    signal.signal(signal.SIGTERM, lambda _number, _frame: stopTouchApp())
    Clock.schedule_once(lambda _dt: stopTouchApp(), SHOWN_S)
    runTouchApp(stage)
    return EXIT_BAD_INPUT
