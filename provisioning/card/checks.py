"""What was found in examining something: each check with its outcome."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One check by its name; `good` is None when it could not be made. `detail` is for people."""

    name: str
    good: bool | None
    detail: str
