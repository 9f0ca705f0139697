"""Kivy's surroundings are ours alone, on a desktop's display and on the device's bare screen."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.ui.touch.place import ROOT

PRINT = (
    "import json, os, sys; from ui.touch.environment import set_environment; "
    "set_environment(sys.argv[1]); print(json.dumps(dict(os.environ)))"
)


def surroundings(home: Path, **given: str) -> dict[str, str]:
    home.mkdir()
    env = {k: v for k, v in os.environ.items() if not k.startswith(("SDL_", "KIVY_"))} | given
    command = [sys.executable, "-c", PRINT, str(home)]
    told = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=True)
    found: dict[str, str] = json.loads(told.stdout)
    return found


def test_what_kivy_was_told_from_outside_is_forgotten(tmp_path: Path) -> None:
    found = surroundings(tmp_path / "home", KIVY_GL_BACKEND="mock", KCFG_KIVY_LOG_LEVEL="debug")
    assert "KIVY_GL_BACKEND" not in found
    assert "KCFG_KIVY_LOG_LEVEL" not in found


def test_a_bare_screen_has_another_way_to_its_graphics(tmp_path: Path) -> None:
    found = surroundings(tmp_path / "home", SDL_VIDEODRIVER="kmsdrm")
    assert found["KIVY_GL_BACKEND"] == "sdl2"
