"""Kivy's window: its doors shut, and the service manager told while it draws."""

from collections.abc import Callable

from kivy.clock import Clock
from kivy.core.window import Window

from ui.palette import GROUND
from ui.touch.heartbeat import BEAT_S, Heartbeat, service_manager


def shut_doors() -> None:
    """No key, no closing of the window, no dropped file reaches anything behind the app."""
    for name in ("on_keyboard", "on_key_down", "on_key_up", "on_textinput", "on_request_close"):
        Window.bind(**{name: lambda *_arguments, **_named: True})
    Window.set_title("")
    Window.clearcolor = GROUND


def start_heartbeat(read: Callable[[Callable[[], None]], None]) -> None:
    """Tell the service manager, if there is one, that frames are drawn; `read` as a Heartbeat's."""
    tell = service_manager()
    if tell is None:
        return
    heart = Heartbeat(tell, Window.canvas.ask_update, read)
    Window.bind(on_flip=lambda _window: heart.drawn())
    heart.beat()
    Clock.schedule_interval(lambda _dt: heart.beat(), BEAT_S)
