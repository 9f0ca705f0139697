"""Kivy's surroundings, settled before Kivy is imported: no arguments, no files, no extras."""

import os
from importlib.util import find_spec
from pathlib import Path

_KIVY = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_NO_CONSOLELOG": "1",
    "KIVY_LOG_MODE": "PYTHON",
    "KIVY_WINDOW": "sdl2",
    "KIVY_IMAGE": "sdl2",
    "KIVY_TEXT": "sdl2",
    "KIVY_AUDIO": "sdl2",
    "KIVY_CLIPBOARD": "dummy",
    "KIVY_METRICS_DENSITY": "1",
}


def set_environment(home: str) -> None:
    """Set the variables that Kivy reads while it is imported; `home` is a place to be forgotten."""
    for name in [name for name in os.environ if name.startswith(("KCFG_", "KIVY_"))]:
        del os.environ[name]
    os.environ.update(_KIVY, KIVY_HOME=home, KIVY_DATA_DIR=_data_without_style(Path(home)))
    if os.environ.get("SDL_VIDEODRIVER") == "kmsdrm":
        os.environ["KIVY_GL_BACKEND"] = "sdl2"  # GLEW, Kivy's own choice, asks X for its functions


def _data_without_style(home: Path) -> str:
    """Kivy's data with an empty style: we use none of its widgets, and reading it takes long."""
    kivy = find_spec("kivy")
    assert kivy is not None
    folder = home / "data"
    folder.mkdir(exist_ok=True)
    for entry in (Path(str(kivy.origin)).parent / "data").iterdir():
        link = folder / entry.name
        if entry.name != "style.kv" and not link.exists():
            link.symlink_to(entry)
    (folder / "style.kv").touch()
    return str(folder)


def configure(size: tuple[int, int], fullscreen: bool) -> None:
    """Set Kivy's own options; between the first import of Kivy and that of its window."""
    from kivy.config import Config as Options

    width, height = size
    for section, option, value in (
        ("graphics", "width", width),
        ("graphics", "height", height),
        ("graphics", "fullscreen", "auto" if fullscreen else "0"),
        ("graphics", "borderless", 1),
        ("graphics", "resizable", 0),
        ("graphics", "position", "custom"),
        ("graphics", "left", 0),
        ("graphics", "top", 0),
        ("graphics", "multisamples", 0),
        ("graphics", "show_cursor", 0),
        ("graphics", "allow_screensaver", 0),
        ("kivy", "exit_on_escape", 0),
        ("kivy", "pause_on_minimize", 0),
        ("kivy", "keyboard_mode", "system"),
        ("kivy", "log_enable", 0),
        ("input", "mouse", "mouse,disable_multitouch,disable_hover"),
    ):
        Options.set(section, option, str(value))
    for provider in [name for name, _ in Options.items("input") if name != "mouse"]:
        Options.remove_option("input", provider)
    for module, _ in Options.items("modules"):
        Options.remove_option("modules", module)
