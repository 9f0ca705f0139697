"""`homthu-kiosk`: checks its configuration, shuts its surroundings and starts the touch app."""

import ctypes
import logging
import os
import sys
import tempfile
from pathlib import Path

import click

from kiosk.common.errors import EXIT_BAD_INPUT, KioskError
from kiosk.device import config as configs
from kiosk.device.config import Config
from kiosk.settings.kiosk import ASSETS
from ui.touch.environment import configure, set_environment
from ui.touch.heartbeat import service_manager

PR_SET_DUMPABLE = 4
USUAL_PANEL, USUAL_WIDTH_MM = (800, 480), 154.0


@click.command()
@click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path),
    required=True,
    envvar="KIOSK_CONFIG",
    help="The kiosk.toml that provisioning wrote.",
)
@click.option(
    "--assets",
    type=click.Path(path_type=Path),
    default=ASSETS,
    show_default=True,
    help="Where the pictures are when the configuration cannot be read.",
)
def main(path: Path, assets: Path) -> None:
    """Run the touch screen of the report kiosk."""
    silence_libraries()
    logging.basicConfig(format="%(levelname)s %(message)s", level=logging.WARNING)
    forbid_dumps()
    with tempfile.TemporaryDirectory(prefix="homthu-") as home:
        set_environment(home)
        try:
            code = run(configs.load(path))
        except KioskError as error:
            print(f"homthu-kiosk: {error}", file=sys.stderr)
            code = EXIT_BAD_INPUT if service_manager() is None else tell_of_no_kiosk(assets)
    sys.exit(code)


def run(config: Config) -> int:
    """Serve with this configuration; returns the exit code."""
    configure(config.size, config.fullscreen)
    from ui.touch import app

    return app.run(config)


def tell_of_no_kiosk(assets: Path) -> int:
    """Show at the kiosk that its card is of no use, for a while; returns the exit code."""
    configure(USUAL_PANEL, fullscreen=True)
    from ui.touch import no_kiosk

    return no_kiosk.run(assets, USUAL_WIDTH_MM)


def silence_libraries() -> None:
    """What ALSA or SDL print while somebody visits would tell the log when that was."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def forbid_dumps() -> None:
    """No core dump and no debugger of the same user may see what is in memory."""
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


if __name__ == "__main__":
    main()
