"""What the commands of `homthu-station` have in common."""

from pathlib import Path

import click

from kiosk.common.errors import StationError

config_option = click.option(
    "--config",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Tệp station.toml. / The station's station.toml.",
)
passphrase_option = click.option(
    "--passphrase-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Đọc mật khẩu từ tệp. / Read the passphrase from a file.",
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Mỗi dòng một JSON. / JSON lines."
)


def read_passphrase(file: Path | None, *, confirm: bool) -> str:
    """The passphrase in `file`, or typed in, twice where it is to be confirmed."""
    if file is None:
        prompt = "Mật khẩu / passphrase"
        return str(click.prompt(prompt, hide_input=True, confirmation_prompt=confirm, err=True))
    try:
        return file.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter("không đọc được / cannot be read") from error


def read(path: Path) -> bytes:
    """A file that was named; raises StationError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise StationError(
            f"không đọc được {path.name} / {path.name} cannot be read",
            "lấy lại từ nơi cấp / get it from the authority again",
        ) from error
