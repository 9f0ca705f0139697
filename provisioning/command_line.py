"""How every command of `homthu-provision` ends: done, or with a mistake and its cure in words."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click

from kiosk.errors import EXIT_BAD_INPUT, KioskError

EXIT_INTERRUPTED = 130
Args = ParamSpec("Args")


def clear_errors(command: Callable[Args, None]) -> Callable[Args, None]:
    """Have a command tell what is wrong and end with exit code 2, or with 130 on Ctrl-C."""

    @wraps(command)
    def run(*args: Args.args, **kwargs: Args.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except KioskError as error:
            click.echo(f"homthu-provision: {error}", err=True)
            sys.exit(EXIT_BAD_INPUT)
        except (KeyboardInterrupt, click.Abort):
            sys.exit(EXIT_INTERRUPTED)

    return run
