"""Backup of the authority: its folder as one sealed file, under its own passphrase.

Whoever opens the backup could have opened the authority, so a second passphrase would protect
nothing and could be lost.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.progress import Progress

from kiosk.common import files, sealed_archive
from kiosk.common.errors import BackupError, ProvisioningError
from provisioning import authority, ledger
from provisioning.authority import Authority

_PART = "authority"
_NAMES = (authority.PUBLIC, authority.KEYS, ledger.FLEET)


def back_up(folder: Path, target: Path, secret: str, progress: Progress) -> None:
    """Seal the authority into `target`, then prove it by restoring it elsewhere and comparing.

    Raises ProvisioningError for a wrong passphrase and when the two differ; an earlier `target`
    stays until the new one is written whole.
    """
    authority.unlock(folder, secret)
    if target.resolve().is_relative_to(folder.resolve()):
        raise ProvisioningError(
            "bản sao lưu không để cùng chỗ với nơi cấp phép / the backup would lie within it",
            "chọn USB hoặc đĩa khác / choose a stick or another disk",
        )
    members = {f"{_PART}/{path.name}": path for path in _kept(folder)}
    sealed_archive.pack(members, target, secret, progress)
    with tempfile.TemporaryDirectory(prefix="homthu-") as scratch:
        tried = Path(scratch) / "restored"
        restore(target, tried, secret, progress)
        if _contents(tried) != _contents(folder):
            raise ProvisioningError(
                f"{target} không giống bản gốc / differs from what was backed up",
                "sao lưu lại, sang USB khác / back it up again, onto another stick",
            )


def restore(backup: Path, folder: Path, secret: str, progress: Progress) -> Authority:
    """Make the authority in `backup` again in an empty or missing `folder`.

    Raises BackupError when it does not open as a whole and ProvisioningError when something is in
    `folder`; nothing is left then.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ProvisioningError(
            f"{folder} không trống / is not empty", "chọn thư mục mới / choose a new folder"
        )
    with files.drafted_folder(folder) as draft:
        sealed_archive.unpack(backup, draft, secret, progress)
        part = draft / _PART
        if not part.is_dir():
            raise BackupError(
                "đây không phải bản sao lưu của nơi cấp phép / this is no backup of an authority",
                "chọn tệp do homthu-provision backup tạo / take a file that it made",
            )
        for path in part.iterdir():
            path.rename(draft / path.name)
        part.rmdir()
        authority.unlock(draft, secret)
        ledger.read(draft)
    return authority.unlock(folder, secret)


def _kept(folder: Path) -> Iterator[Path]:
    return (folder / name for name in _NAMES if (folder / name).exists())


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in _kept(folder)}
