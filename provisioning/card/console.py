"""What the card's commands show: a bar with the rate, the disks, what was found."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table
from rich.text import Text

from provisioning.card.checks import Finding
from provisioning.card.drives import Drive, refusal
from provisioning.card.image import Advance

_NAMES = {
    "image": "ảnh (image)",
    "data": "phần dữ liệu (data)",
    "certificate": "chứng thư (certificate)",
    "manifest": "khóa của đồn (manifest)",
    "authority": "nơi cấp phép (authority)",
    "ledger": "sổ cấp phát (ledger)",
}
_MARKS = {True: Text("✔", "green"), False: Text("✘", "red"), None: Text("–", "yellow")}


def progress() -> Progress:
    """Bars on standard error: how much, how fast, how long yet."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def bar(shown: Progress, what: str, size: int) -> Advance:
    """One more bar of `size` bytes."""
    task = shown.add_task(what, total=size)
    return lambda more: shown.advance(task, more)


def drives(found: list[Drive], needed: int) -> None:
    """The disks, and why some of them cannot be written."""
    table = Table("", "GB", "tên (model)", "")
    for drive in found:
        refused = refusal(drive, needed)
        table.add_row(
            drive.path,
            f"{drive.size / 1e9:.1f}",
            Text(drive.model),
            Text(refused[0] if refused else "✔", "dim" if refused else "green"),
        )
    Console(stderr=True).print(table)


def findings(title: str, found: list[Finding]) -> None:
    """What an examination has found, and in one line what that means."""
    table = Table("", "", "", title=title, show_header=False)
    for finding in found:
        name = _NAMES.get(finding.name, finding.name)
        table.add_row(_MARKS[finding.good], name, Text(finding.detail))
    console = Console()
    console.print(table)
    console.print(_verdict(found))


def _verdict(found: list[Finding]) -> Text:
    if any(finding.good is False for finding in found):
        return Text("✘ Đừng dùng thẻ này; ghi lại (do not use this card: write it again)", "red")
    return Text("✔ Không thấy gì sai (nothing wrong was found)", "green")
