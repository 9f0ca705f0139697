"""The golden vectors of `docs/vectors`: `load` reads them, `python -m tests.vectors` writes them.

The modules here are written from docs/protocol.md and import nothing of the product, so that the
product is compared with something else than itself. Tests read the files and never write them.
"""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "docs" / "vectors"


def load(name: str) -> Any:
    """The content of `docs/vectors/<name>.json`."""
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
