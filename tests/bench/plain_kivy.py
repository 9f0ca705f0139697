"""The touch bench's baseline: six picture tiles in Kivy as it comes.

`python -m tests.bench.plain_kivy TILES`
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kivy.uix.button import Button

NAMES = ("box_crime", "box_border", "box_order", "box_opinion", "box_ask", "box_listen")
WHITE, RED = (1, 1, 1, 1), (0.7, 0, 0, 1)


def main(tiles: Path) -> None:
    """Show the tiles until the process is ended."""
    os.environ.update(KIVY_NO_ARGS="1", KIVY_NO_FILELOG="1", KIVY_NO_CONSOLELOG="1")
    from kivy.config import Config

    for option in (("width", 800), ("height", 480), ("borderless", 1), ("left", 0), ("top", 0)):
        Config.set("graphics", *option)
    Config.set("graphics", "position", "custom")
    from kivy.app import App
    from kivy.core.window import Window
    from kivy.uix.gridlayout import GridLayout

    class Plain(App):  # type: ignore[misc]
        def build(self) -> GridLayout:
            Window.clearcolor = (0xFA / 255, 0xF5 / 255, 0xE9 / 255, 1)
            grid = GridLayout(cols=3, spacing=20, padding=20)
            for name in NAMES:
                grid.add_widget(_tile(tiles / f"{name}.png"))
            return grid

    Plain().run()


def _tile(picture: Path) -> Button:
    from kivy.uix.button import Button
    from kivy.uix.image import Image

    tile = Button(background_normal="", background_down="", background_color=WHITE)
    image = Image(source=str(picture))
    tile.bind(pos=image.setter("pos"), size=image.setter("size"))
    tile.bind(state=lambda t, s: setattr(t, "background_color", RED if s == "down" else WHITE))
    tile.add_widget(image)
    return tile


if __name__ == "__main__":
    main(Path(sys.argv[1]))
