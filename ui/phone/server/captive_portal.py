"""What phones ask to learn whether they are online, and what they are told.

First they are led to the page; once the person has gone on from there, the phone hears what it
wants to hear, so that it keeps the Wi-Fi. Sources of the answers: Android's NetworkMonitor, Apple's
"hotspot-detect", Microsoft's NCSI and Firefox's captive portal service.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

CLIENTS = 64
FORGET_S = 1800.0


@dataclass(frozen=True)
class Success:
    """An answer that means "you are online"."""

    status: int
    type: str
    body: bytes


_NO_CONTENT = Success(204, "", b"")
_APPLE = Success(
    200,
    "text/html",
    b"<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>",
)

PROBES = {
    "/generate_204": _NO_CONTENT,
    "/gen_204": _NO_CONTENT,
    "/hotspot-detect.html": _APPLE,
    "/library/test/success.html": _APPLE,
    "/connecttest.txt": Success(200, "text/plain", b"Microsoft Connect Test"),
    "/ncsi.txt": Success(200, "text/plain", b"Microsoft NCSI"),
    "/success.txt": Success(200, "text/plain", b"success\n"),
    "/canonical.html": Success(
        200,
        "text/html",
        b'<meta http-equiv="refresh" '
        b'content="0;url=https://support.mozilla.org/kb/captive-portal"/>',
    ),
}


class Portal:
    """Remembers, in memory and for half an hour, which phones have gone on from the page."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._gone_on: OrderedDict[str, float] = OrderedDict()

    def go_on(self, client: str) -> None:
        """The person at this phone has seen the page."""
        self._gone_on[client] = self._now()
        self._gone_on.move_to_end(client)
        while len(self._gone_on) > CLIENTS:
            self._gone_on.popitem(last=False)

    def has_gone_on(self, client: str) -> bool:
        """Whether this phone is to be told that it is online."""
        self._forget()
        return client in self._gone_on

    def _forget(self) -> None:
        oldest = self._now() - FORGET_S
        while self._gone_on and next(iter(self._gone_on.values())) < oldest:
            self._gone_on.popitem(last=False)
