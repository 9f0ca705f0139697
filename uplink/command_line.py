"""What the commands of `homthu-courier` and `homthu-station` have in common."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kiosk.errors import EXIT_BAD_INPUT, KioskError

EXIT_INTERRUPTED = 130

COURIER_TOML = click.Path(dir_okay=False, path_type=Path)

config_option = click.option(
    "--config",
    required=True,
    type=COURIER_TOML,
    help="Tệp courier.toml. / The kiosk's courier.toml.",
)


@contextmanager
def explained() -> Iterator[None]:
    """Tell a mistake and its cure in words and end with exit code 2; with 130 on Ctrl-C."""
    try:
        yield
    except KioskError as error:
        click.echo(error, err=True)
        sys.exit(EXIT_BAD_INPUT)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(EXIT_INTERRUPTED)
