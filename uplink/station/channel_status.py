"""How the station's own ways out are: `link.json` to its broker, `mail.json` to its mailbox.

states   names of what is not good, out of `states.toml`; empty when all is well
"""

import json
import logging
from collections.abc import Sequence
from pathlib import Path

from kiosk.common import files
from kiosk.common.event_codes import EventCode
from kiosk.content import status_codes
from uplink.link.link_faults import LinkFault

LINK_FILE = "link.json"
MAIL_FILE = "mail.json"
NOTES = (LINK_FILE, MAIL_FILE)

log = logging.getLogger(__name__)


def note_broker(folder: Path, trouble: LinkFault) -> None:
    """Write down what went wrong on the way to the broker, or by NONE that all is well."""
    note(
        folder,
        LINK_FILE,
        [status_codes.state_name("broker", trouble)] if trouble is not LinkFault.NONE else [],
    )


def note(folder: Path, file: str, names: Sequence[str]) -> None:
    """Write down the states of one way; a full disk stops nothing."""
    try:
        files.write(folder / file, json.dumps({"states": list(names)}) + "\n", files.PRIVATE)
    except OSError:
        log.warning(EventCode.STATUS_NOT_WRITTEN)


def noted(folder: Path) -> list[str]:
    """The names of all that is not good on the station's ways, as last written down."""
    names: list[str] = []
    for file in NOTES:
        try:
            told = json.loads((folder / file).read_text("utf-8"))["states"]
            names += (name for name in told if name in status_codes.load())
        except (OSError, ValueError, LookupError, TypeError):
            continue
    return names
