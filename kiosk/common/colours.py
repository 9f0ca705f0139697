"""The colours that screen, phone and paper share: name -> "#RRGGBB"."""

import tomllib
from collections.abc import Mapping
from importlib import resources

COLOURS: Mapping[str, str] = tomllib.loads(
    resources.files("kiosk.common").joinpath("colours.toml").read_text("utf-8")
)
