"""Backup and restoring of a whole station: its folder and its database in one sealed file.

The file is a `sealed_archive`: `database.db` as `portable` exports it, and everything in the
folder of station.toml as `station/...`. A backup is read back before it counts, and opened as a
whole beside the station before it takes the place of one.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import Progress

from kiosk.common import schema, sealed_archive
from kiosk.common.errors import BackupError, StationError
from kiosk.settings.station import CURE, MASTER_FILE, StationSettings, load_station
from uplink.station.channel_status import NOTES
from uplink.station.database import dump
from uplink.station.database.maintenance import file_of

CONFIG = "station.toml"
_DATABASE, _STATION = "database.db", "station"


def back_up(config: Path, target: Path, secret: str, progress: Progress) -> None:
    """Write everything of the station of `config` into `target`, sealed under `secret`.

    Raises StationError, and leaves an earlier `target` as it was, when that cannot be done.
    """
    settings = load_station(config)
    _check_movable(config)
    home = config.parent.resolve()
    if target.resolve().is_relative_to(home):
        raise StationError(
            "bản sao lưu không để cùng chỗ với đồn / the backup would lie within the station",
            "chọn đĩa hoặc USB khác / choose another disk",
        )
    with _explained_disk(), tempfile.TemporaryDirectory(prefix=".backup-", dir=home) as scratch:
        database = Path(scratch) / _DATABASE
        dump.export(settings.database_url, database)
        members = {_DATABASE: database, f"{_STATION}/{CONFIG}": config}
        members |= {f"{_STATION}/{path.relative_to(home)}": path for path in _kept(home, settings)}
        sealed_archive.pack(members, target, secret, progress)


def restore(
    backup: Path, folder: Path, secret: str, progress: Progress, *, replace: bool
) -> Path | None:
    """Make `folder` the station in `backup`; where the one that was there is now.

    Raises BackupError when the backup does not open as a whole, and StationError when there is a
    station already and not `replace`; nothing has changed then.
    """
    if (folder / MASTER_FILE).exists() and not replace:
        raise _already(str(folder))
    draft = folder.absolute().with_name(f".{folder.name}.restoring")
    with _explained_disk():
        shutil.rmtree(draft, ignore_errors=True)
        try:
            draft.mkdir(parents=True, mode=0o700)
            sealed_archive.unpack(backup, draft, secret, progress)
            if not (draft / _STATION / CONFIG).is_file():
                raise BackupError(
                    "đây không phải bản sao lưu của đồn / this is no backup of a station",
                    "chọn tệp do homthu-station backup tạo / take a file that it made",
                )
            return _put_in_place(draft, folder.absolute(), replace)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _put_in_place(draft: Path, folder: Path, replace: bool) -> Path | None:
    database, station = draft / _DATABASE, draft / _STATION
    dump.bring_up_to_date(database)
    url = load_station(station / CONFIG).database_url
    own = file_of(url)
    before = _free_name(folder)
    if own is not None and own.is_relative_to(station):
        os.replace(database, own)
    else:
        if dump.is_used(url):
            if not replace:
                raise _already("database")
            dump.export(url, before.with_name(f"{before.name}.db"))
        dump.fill(url, database)
    if not folder.exists():
        os.rename(station, folder)
        return None
    os.rename(folder, before)
    try:
        os.rename(station, folder)
    except OSError:
        os.rename(before, folder)
        raise
    return before


def _check_movable(config: Path) -> None:
    """Raise StationError unless all that station.toml names lies beside or beneath it."""
    told = schema.parse(config, CURE)
    named = {key: told[key] for key in ("folder", "kiosks", "tls_ca", "tls_cert", "tls_key")}
    mail = told.get("mail", {})
    named |= {key: mail[key] for key in ("password_file", "ca") if key in mail}
    for key, name in named.items():
        path = Path(name)
        if path.is_absolute() or ".." in path.parts:
            raise StationError(
                f"{key} không nằm trong thư mục của đồn / lies outside the station's folder",
                f"chuyển vào cạnh {config.name} / move it beside {config.name}",
            )


def _kept(home: Path, settings: StationSettings) -> Iterator[Path]:
    """What of the station's files is kept; not the database itself, its copies and drafts."""
    database = file_of(settings.database_url)
    for path in sorted(home.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(home).parts)
        of_database = database is not None and path.name.startswith(database.name)
        if path.is_file() and not hidden and not of_database and path.name not in NOTES:
            yield path


def _free_name(folder: Path) -> Path:
    """Where the station that is replaced goes."""
    names = (folder.with_name(f"{folder.name}.before-restore-{n}") for n in range(1, 1000))
    return next(name for name in names if not name.exists())


def _already(what: str) -> StationError:
    return StationError(
        f"đã có đồn ở đây / there is a station already: {what}",
        "dùng --replace nếu thật muốn thay / use --replace to put the backup in its place",
    )


@contextmanager
def _explained_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StationError(
            "không đọc hoặc ghi được đĩa / the disk cannot be read or written",
            "xem còn chỗ trống, quyền ghi, USB / look at its free space, its owner, the stick",
        ) from error
