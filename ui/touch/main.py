"""`homthu-kiosk`: checks its configuration, shuts its surroundings and starts the touch app."""

import ctypes
import logging
import os
import sys
import tempfile
from pathlib import Path

import click

from kiosk import config as configs
from kiosk.errors import EXIT_BAD_INPUT, KioskError
from ui.touch.environment import configure, set_environment

PR_SET_DUMPABLE = 4


@click.command()
@click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path),
    required=True,
    envvar="KIOSK_CONFIG",
    help="The kiosk.toml that provisioning wrote.",
)
def main(path: Path) -> None:
    """Run the touch screen of the report kiosk."""
    silence_libraries()
    logging.basicConfig(format="%(levelname)s %(message)s", level=logging.WARNING)
    forbid_dumps()
    try:
        config = configs.load(path)
        with tempfile.TemporaryDirectory(prefix="homthu-") as home:
            set_environment(home)
            configure(config)
            from ui.touch import app

            code = app.run(config)
    except KioskError as error:
        print(f"homthu-kiosk: {error}", file=sys.stderr)
        sys.exit(EXIT_BAD_INPUT)
    sys.exit(code)


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
