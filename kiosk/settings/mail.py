"""The section [mail] of `station.toml`: where to tell that something has come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from kiosk.common import schema
from kiosk.common.checks import EXISTS, between, either, matching, private

TLS, STARTTLS = "tls", "starttls"

_Address: TypeAlias = Annotated[
    str, matching(r"[^\s@<>,;]+@[^\s@<>,;]+", "an address such as don@example.vn")
]


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """How the station's mail goes out.

    `port` is 465 for the `security` "tls" and 587 for "starttls"; there is no mail without TLS.
    `to` is the station's own mailbox. Without a `user` nobody signs in at the server; with one,
    `password_file` holds the password and is its owner's alone. `ca` is in place of the authorities
    of this machine. Ordinary news waits for a multiple of `every_minutes`.
    """

    host: str
    port: Annotated[int, between(1, 65_535)] = 465
    security: Annotated[str, either(TLS, STARTTLS)] = TLS
    sender: _Address = field(metadata={schema.KEY: "from"})
    to: _Address
    user: str = ""
    password_file: Path | None = None
    ca: Annotated[Path | None, EXISTS] = None
    every_minutes: Annotated[int, between(1, 1440)] = 240

    @classmethod
    def problems_between_fields(
        cls, table: Mapping[str, Any], file: Path
    ) -> Iterator[tuple[str, str]]:
        """With a user there is a password."""
        if table.get("user"):
            path = file.parent / str(table.get("password_file", ""))
            try:
                path.read_text("ascii")
            except (OSError, UnicodeDecodeError):
                yield "password_file", "cannot be read, or holds more than plain letters"
            else:
                if private(None, path):
                    yield "password_file", "others may read it; set its mode to 0600"

    @property
    def password(self) -> str:
        """What the user signs in with; empty where nobody does. Raises OSError."""
        if self.password_file is None:
            return ""
        return self.password_file.read_text("ascii", "backslashreplace").strip()
