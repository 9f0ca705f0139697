"""Runs the touch app with a menu that cannot be drawn: `python -m tests.ui.touch.crashing TOML`."""

import sys
from pathlib import Path

from kiosk.device import config as configs
from kiosk.flow.model import Screen
from ui.touch.environment import configure, set_environment
from ui.touch.layout.placement import Scene


def main(path: Path, home: str) -> int:
    config = configs.load(path)
    set_environment(home)
    configure(config.size, config.fullscreen)
    from ui.touch import app
    from ui.touch.drawing.canvas import ScreenCanvas

    draw = ScreenCanvas.draw

    def break_on_menu(self: ScreenCanvas, scene: Scene) -> None:
        if scene.view.screen is Screen.MENU:
            raise ValueError("secret answer")
        draw(self, scene)

    ScreenCanvas.draw = break_on_menu  # type: ignore[method-assign]
    return app.run(config)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
