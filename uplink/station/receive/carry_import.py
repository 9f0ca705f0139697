"""Takes in the cells that came on a stick, on the same path as those that came by network."""

from pathlib import Path

from kiosk.common.errors import CarryError, CellError, ProblemsError
from kiosk.protocol.cells import LinkKeys, open_up
from uplink.link import carry_file
from uplink.link.carry_file import Batch, Way
from uplink.station.receive.receiver import Links, Receiver


class StickError(ProblemsError, CarryError):
    """Some files of a stick were refused; the others were taken in."""


def import_stick(receiver: Receiver, links: Links, stick: Path) -> int:
    """Store the batch of every kiosk on the stick and write its answers beside it; how many.

    Raises StickError for files that cannot be used, after all others have been taken in, and
    StationError, with nothing answered, when the database fails.
    """
    problems = []
    paths = sorted(stick.glob(f"homthu-*{Way.UP.value[1]}"))
    if not paths:
        raise CarryError("no cells on this stick", "export at a kiosk first")
    for path in paths:
        try:
            batch = carry_file.read(path, Way.UP)
            _check(links.of(batch.kiosk.hex()), batch)
            carry_file.write(stick, Way.DOWN, _answers(receiver, batch))
        except CarryError as error:
            problems.append(f"{path.name}: {error}")
    if problems:
        raise StickError("this stick", problems)
    return len(paths)


def _check(keys: LinkKeys | None, batch: Batch) -> None:
    """Refuse what is not ours as a whole, so that it does not fill the quarantine."""
    if keys is None:
        raise CarryError("a kiosk that is not in kiosks.toml", "bring it to its own station")
    try:
        for cell in batch.cells:
            open_up(keys, cell)
    except CellError as error:
        raise CarryError(
            "cells that do not open with the key of this kiosk",
            "check its generation in kiosks.toml, then export again",
        ) from error


def _answers(receiver: Receiver, batch: Batch) -> Batch:
    topic = f"k/{batch.kiosk.hex()}/up"
    answers = receiver.take([(topic, cell) for cell in batch.cells])
    return Batch(batch.kiosk, batch.number, tuple(cell for _, cell in answers))
