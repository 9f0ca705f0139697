"""How every command ends: with a mistake and its cure in words, or cleanly on Ctrl-C."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from kiosk.common.errors import EXIT_BAD_INPUT, KioskError

EXIT_INTERRUPTED = 130


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
