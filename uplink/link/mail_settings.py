"""The section [mail] of station.toml: where to tell that something has come.

host          = "mail.example"
port          = 465                     465 for security "tls", 587 for "starttls"
security      = "tls"                   or "starttls"; there is no mail without TLS
from          = "homthu@example"
to            = "don@example"           the station's own mailbox
user          = "homthu"                optional; without it nobody signs in at the server
password_file = "mail.password"         with `user`; mode 0600
ca            = "mail-ca.pem"           optional; in place of the authorities of this machine
every_minutes = 240                     optional; ordinary news waits for a multiple of this
"""

import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.common import schema
from kiosk.common.schema import Field

TLS, STARTTLS = "tls", "starttls"
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")


@dataclass(frozen=True)
class MailSettings:
    """How the station's mail goes out."""

    host: str
    port: int
    security: str
    sender: str
    to: str
    user: str
    password: str
    ca: Path | None
    every_minutes: int


def _is_address(value: str) -> str | None:
    return None if _ADDRESS.fullmatch(value) else "must be an address such as don@example.vn"


_FIELDS = {
    "host": Field(str),
    "port": Field(int, 465, schema.number(1, 65_535)),
    "security": Field(str, TLS, schema.either(TLS, STARTTLS)),
    "from": Field(str, check=_is_address),
    "to": Field(str, check=_is_address),
    "user": Field(str, ""),
    "password_file": Field(str, ""),
    "ca": Field(str, ""),
    "every_minutes": Field(int, 240, schema.number(1, 1440)),
}


def read_mail(table: Any, folder: Path, problems: list[str]) -> MailSettings | None:
    """The settings in `table`, whose paths are relative to `folder`; None when there are problems.

    What is wrong is added to `problems`.
    """
    if not isinstance(table, dict):
        problems.append("[mail] is not a section")
        return None
    before = len(problems)
    values = schema.read_section("mail", table, _FIELDS, problems)
    password = ""
    if values.get("user"):
        password = _secret(folder / str(values.get("password_file")), problems)
    ca = folder / values["ca"] if values.get("ca") else None
    if ca is not None and not ca.is_file():
        problems.append("mail.ca: the file does not exist")
    if len(problems) > before:
        return None
    return MailSettings(
        values["host"],
        values["port"],
        values["security"],
        values["from"],
        values["to"],
        values["user"],
        password,
        ca,
        values["every_minutes"],
    )


def _secret(path: Path, problems: list[str]) -> str:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            problems.append("mail.password_file: others may read it; set its mode to 0600")
        return path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        problems.append("mail.password_file: cannot be read, or holds more than plain letters")
        return ""
