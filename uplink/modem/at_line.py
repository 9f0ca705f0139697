"""One question and its answer at a time over a serial port, whatever comes out of it.

The framing of answers is that of ITU-T V.250 (clause 5.7) and of 3GPP TS 27.007 (clause 9).
"""

import errno
import re
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path

from serial import Serial, SerialException, SerialTimeoutException

from kiosk.common.errors import ModemError
from uplink.modem.answers import Link, ModemAnswer

BY_ID = Path("/dev/serial/by-id")
BAUD = 115_200
ANSWER_S = 2.0
LONGEST_ANSWER = 4096
_WAIT_S = 0.05
_FINAL = re.compile(r"(OK)|ERROR|\+CM[ES] ERROR: *(.*)")
_TAKEN = (errno.EAGAIN, errno.EBUSY, errno.EACCES, errno.EPERM)


class LineError(ModemError):
    """The modem cannot be spoken with; `link` says why."""

    def __init__(self, link: Link) -> None:
        super().__init__(f"the modem is {link}", "look at its cable and its power")
        self.link = link


def find_port(wanted: str, by_id: Path = BY_ID) -> Path:
    """The port now: an absolute path as it is, or the first name in `by_id` that matches.

    Raises LineError when there is none.
    """
    if wanted.startswith("/"):
        return Path(wanted)
    try:
        names = sorted(entry.name for entry in by_id.iterdir() if fnmatch(entry.name, wanted))
    except OSError:
        names = []
    if not names:
        raise LineError(Link.ABSENT)
    return by_id / names[0]


@contextmanager
def opened(port: Path, answer_s: float = ANSWER_S) -> Iterator["Line"]:
    """The port for ourselves alone, while the context lasts; `answer_s` is in seconds.

    Raises LineError when the port is missing, taken or no serial port.
    """
    try:
        serial = Serial(str(port), BAUD, timeout=_WAIT_S, write_timeout=answer_s, exclusive=True)
    except (OSError, ValueError, termios.error) as error:
        taken = getattr(error, "errno", None) in _TAKEN
        raise LineError(Link.BUSY if taken else Link.ABSENT) from error
    try:
        yield Line(serial, answer_s)
    finally:
        serial.close()


class Line:
    """An open port; every answer comes, or a LineError does, within two times `answer_s`."""

    def __init__(self, serial: Serial, answer_s: float) -> None:
        self._serial = serial
        self._answer_s = answer_s

    def ask(self, command: str) -> ModemAnswer:
        """Send one command and wait for its final line.

        Raises LineError: silent, garbled (no final line, or endless) or vanished.
        """
        try:
            self._serial.reset_input_buffer()
            self._serial.write(command.encode("ascii") + b"\r")
            return self._read(command)
        except SerialTimeoutException as error:
            raise LineError(Link.SILENT) from error
        except (SerialException, OSError, termios.error) as error:
            raise LineError(Link.VANISHED) from error

    def _read(self, command: str) -> ModemAnswer:
        deadline = time.monotonic() + self._answer_s
        received = bytearray()
        while time.monotonic() < deadline and len(received) < LONGEST_ANSWER:
            waiting = min(self._serial.in_waiting, LONGEST_ANSWER)
            received += self._serial.read(max(1, waiting))
            answer = _complete(received, command)
            if answer is not None:
                return answer
        heard = received.strip(b"\r\n") not in (b"", command.encode("ascii"))
        raise LineError(Link.GARBLED if heard else Link.SILENT)


def _complete(received: bytearray, command: str) -> ModemAnswer | None:
    """The answer as soon as its final line is whole; an echo of the command is left out."""
    *lines, _ = re.split(r"[\r\n]+", received.decode("ascii", "replace"))
    for number, line in enumerate(lines):
        final = _FINAL.fullmatch(line.strip())
        if final:
            before = tuple(text.strip() for text in lines[:number] if text not in ("", command))
            return ModemAnswer(before, None if final[1] else (final[2] or ""))
    return None
