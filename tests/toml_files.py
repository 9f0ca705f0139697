"""Changing a settings file as an operator would: the rest of it stays as it is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit


def edit(path: Path, changes: Mapping[str, Any]) -> Path:
    """Set keys such as "sound.speaker", making their sections; a value of None removes one."""
    document = tomlkit.parse(path.read_text("utf-8"))
    for name, value in changes.items():
        *sections, key = name.split(".")
        table: Any = document
        for section in sections:
            table = table.setdefault(section, tomlkit.table())
        if value is None:
            del table[key]
        else:
            table[key] = value
    path.write_text(tomlkit.dumps(document), "utf-8")
    return path
