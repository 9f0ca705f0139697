"""`homthu-provision init`, `backup` and `restore`."""

from importlib import resources
from pathlib import Path

import click

from kiosk.common.errors import ProvisioningError
from provisioning import authority, backup
from provisioning.commands.common import (
    FILE,
    FOLDER,
    authority_argument,
    passphrase_option,
    progress,
    read_passphrase,
    told_plainly,
)

COPIES = 2
_TARGET = click.Path(dir_okay=False, path_type=Path)
_MADE = "{}: đã sao lưu và thử khôi phục, giống hệt / backed up; restored on trial, all the same"


@click.command()
@authority_argument
@click.option("--name", required=True, help="Tên nơi cấp phép / name of the authority.")
@click.option(
    "--backup",
    "copies",
    type=_TARGET,
    multiple=True,
    help="Tệp sao lưu trên USB, hai lần cho hai bản / a backup on a stick; give two.",
)
@passphrase_option
@told_plainly
def init(folder: Path, name: str, copies: tuple[Path, ...], passphrase_file: Path | None) -> None:
    """Lập nơi cấp phép mới (make a new authority).

    Theo nghi thức khóa hiện ra trước. / By the key ceremony, which is shown first.
    """
    click.echo(
        resources.files("provisioning").joinpath("ceremony.txt").read_text("utf-8"), err=True
    )
    targets = copies or _asked_for()
    for target in targets:
        if not target.parent.is_dir():
            raise ProvisioningError(
                f"không có {target.parent} / there is no such folder", "cắm USB / put the stick in"
            )
    secret = read_passphrase(passphrase_file, confirm=True)
    made = authority.create(folder, name, secret)
    click.echo(f"{made.folder / authority.PUBLIC}: đưa tệp này cho đồn / give it to the station")
    for target in targets:
        _back_up(folder, target, secret)


@click.command(name="backup")
@authority_argument
@click.argument("file", type=_TARGET)
@passphrase_option
@told_plainly
def backup_command(folder: Path, file: Path, passphrase_file: Path | None) -> None:
    """Sao lưu nơi cấp phép vào FILE (back it up).

    Làm lại sau mỗi lần cấp; mở bằng chính mật khẩu của nơi cấp phép. / Again after each change;
    sealed under the authority's own passphrase.
    """
    _back_up(folder, file, read_passphrase(passphrase_file))


@click.command(name="restore")
@click.argument("file", type=FILE)
@click.argument("folder", metavar="AUTHORITY", type=FOLDER)
@passphrase_option
@told_plainly
def restore_command(file: Path, folder: Path, passphrase_file: Path | None) -> None:
    """Khôi phục nơi cấp phép từ FILE (restore it)."""
    secret = read_passphrase(passphrase_file)
    with progress() as bar:
        restored = backup.restore(file, folder, secret, bar)
    click.echo(f"{folder}: {restored.name}. Đã khôi phục / restored")


def _back_up(folder: Path, target: Path, secret: str) -> None:
    with progress() as bar:
        backup.back_up(folder, target, secret, bar)
    click.echo(_MADE.format(target))


def _asked_for() -> list[Path]:
    """Where each copy goes, until an answer is left empty."""
    given: list[Path] = []
    while len(given) < COPIES:
        question = (
            f"Bản sao thứ {len(given) + 1}: tệp trên USB, để trống nếu làm sau / copy on a stick"
        )
        answer = click.prompt(question, default="", show_default=False, err=True)
        if not answer:
            break
        given.append(Path(answer))
    return given
