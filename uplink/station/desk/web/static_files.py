"""The files that pages are made with: style, script, pictures of the tiles. All are in memory."""

import mimetypes
from importlib import resources
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kiosk.common.colours import COLOURS
from kiosk.common.errors import ConfigError
from kiosk.content.assets import CURE, tile_widths

WIDTH = 240
HTMX = "htmx.min.js"
OWN = ("desk.js", "recorder.js", "notices.css")


class StaticFiles:
    """What is found under `/static/<name>`; only these names are answered.

    Raises ConfigError when pictures or htmx were not built under `assets`.
    """

    def __init__(self, assets: Path) -> None:
        if WIDTH not in tile_widths(assets):
            raise ConfigError("pictures", [f"none of {WIDTH} pixels in {assets}"], CURE)
        htmx = assets / "desk" / HTMX
        if not htmx.is_file():
            raise ConfigError("desk", [f"{htmx} is missing"], CURE)
        own = resources.files("uplink.station.desk.web").joinpath("static")
        colours = "".join(f"--{name.replace('_', '-')}:{code};" for name, code in COLOURS.items())
        self._files = {
            HTMX: htmx.read_bytes(),
            **{name: own.joinpath(name).read_bytes() for name in OWN},
            "desk.css": f":root{{{colours}}}\n".encode() + own.joinpath("desk.css").read_bytes(),
        }
        for tile in (assets / "tiles" / str(WIDTH)).glob("*.png"):
            self._files[tile.name] = tile.read_bytes()

    def routes(self) -> list[Route]:
        """The one route of the shelf."""
        return [Route("/static/{name}", self._fetch)]

    async def _fetch(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._files:
            raise HTTPException(404)
        kind = mimetypes.guess_type(name)[0]
        headers = {"Cache-Control": "private, max-age=3600"}
        return Response(self._files[name], 200, headers, media_type=kind)
