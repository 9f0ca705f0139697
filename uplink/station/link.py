"""How the station's own way to its broker is, in `link.json` of its folder.

states   names of what is not good, out of `kiosk/strings/states.toml`; empty when all is well
"""

import json
import logging
from pathlib import Path

from kiosk import files
from uplink.state import CANNOT_WRITE, state_name
from uplink.trouble import Trouble

LINK_FILE = "link.json"

log = logging.getLogger(__name__)


def note(folder: Path, trouble: Trouble) -> None:
    """Write down what went wrong, or by NONE that all is well; a full disk stops nothing."""
    names = [state_name("broker", trouble)] if trouble is not Trouble.NONE else []
    try:
        files.write(folder / LINK_FILE, json.dumps({"states": names}) + "\n", files.PRIVATE)
    except OSError:
        log.warning(CANNOT_WRITE)
