"""What the commands of `homthu-provision` have in common."""

import fcntl
import os
import secrets
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import ParamSpec

import click
from rich.console import Console
from rich.progress import Progress

from kiosk.common.command_line import explained
from kiosk.common.errors import OutboxError, ProvisioningError
from kiosk.common.key_derivation import REAL, KeyDerivation
from kiosk.device.config import PIN_DIGITS
from provisioning import authority
from provisioning.authority import Authority

Args = ParamSpec("Args")
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, exists=True, path_type=Path)

passphrase_option = click.option(
    "--passphrase-file", type=FILE, help="Tệp chứa mật khẩu / file that holds the passphrase."
)
authority_argument = click.argument("folder", metavar="AUTHORITY", type=FOLDER)
voices_option = click.option(
    "--voices", type=FOLDER, multiple=True, help="Gói giọng đã ký / signed voice pack."
)


def told_plainly(command: Callable[Args, None]) -> Callable[Args, None]:
    """A command that tells its mistakes, and those of the disk, in words."""

    @wraps(command)
    def run(*args: Args.args, **kwargs: Args.kwargs) -> None:
        with explained():
            try:
                command(*args, **kwargs)
            except (OSError, OutboxError) as error:
                raise ProvisioningError(
                    f"không đọc hoặc ghi được đĩa / the disk cannot be read or written: {error}",
                    "chưa có gì dở dang; xem chỗ trống, quyền ghi, USB rồi làm lại / nothing is "
                    "half-done; look at free space, owner and stick, then do it again",
                ) from error

    return run


def unlocked(folder: Path, passphrase_file: Path | None) -> Authority:
    """The authority in `folder`, by the passphrase in a file or typed in; no other command's now.

    Raises ProvisioningError when the passphrase is wrong or another command has the authority.
    """
    derivation = click.get_current_context().find_object(KeyDerivation) or REAL
    opened = authority.unlock(folder, read_passphrase(passphrase_file), derivation=derivation)
    _hold(folder)
    return opened


def _hold(folder: Path) -> None:
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    click.get_current_context().call_on_close(partial(os.close, held))
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ProvisioningError(
            f"lệnh khác đang làm việc với {folder} / another command is at work there",
            "đợi lệnh kia xong rồi làm lại / wait until it has ended, then do it again",
        ) from None


def read_passphrase(file: Path | None, *, confirm: bool = False) -> str:
    """The passphrase in `file`, or typed in, twice where it is to be confirmed."""
    if file is None:
        prompt = "Mật khẩu / passphrase"
        return str(click.prompt(prompt, hide_input=True, confirmation_prompt=confirm, err=True))
    try:
        return file.read_text("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise click.BadParameter("không đọc được / cannot be read") from error


def drawn_pin() -> str:
    """A code for the staff screen that nobody chose."""
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"


def progress() -> Progress:
    """A bar on standard error, which goes when it is done."""
    return Progress(console=Console(stderr=True), transient=True)
