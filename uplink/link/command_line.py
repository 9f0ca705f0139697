"""What the commands of `homthu-courier` and `homthu-station` have in common."""

from pathlib import Path

import click

from kiosk.common.command_line import EXIT_INTERRUPTED, explained

__all__ = ["COURIER_TOML", "EXIT_INTERRUPTED", "config_option", "explained"]

COURIER_TOML = click.Path(dir_okay=False, path_type=Path)

config_option = click.option(
    "--config",
    required=True,
    type=COURIER_TOML,
    help="Tệp courier.toml. / The kiosk's courier.toml.",
)
