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

from provisioning.card.drives import Drive, refusal
from provisioning.card.findings import Finding
from provisioning.card.image import Advance

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
    """What an examination has found."""
    table = Table("", "", "", title=title, show_header=False)
    for finding in found:
        table.add_row(_MARKS[finding.good], finding.name, Text(finding.detail))
    Console().print(table)
