"""A modem on a pseudo terminal: answers like an LTE stick, and as badly as a test asks."""

import os
import pty
import select
import threading
import tty
from collections.abc import Callable
from pathlib import Path

NAME = "usb-Emulated_LTE_Modem_0123-if02-port0"
Reply = bytes | Callable[["PtyModem"], None]


def ok(*lines: str) -> bytes:
    return "".join(f"\r\n{line}\r\n" for line in (*lines, "OK")).encode()


def error(text: str = "ERROR") -> bytes:
    return f"\r\n{text}\r\n".encode()


class PtyModem:
    """`replies` overrules the answer to a command; `heard` is every command in order."""

    def __init__(self, by_id: Path, pin: str = "") -> None:
        self.by_id = by_id
        self.pin = pin
        self.unlocked = not pin
        self.tries_left = 3
        self.echo = True
        self.apn = "internet"
        self.replies: dict[str, Reply] = {}
        self.heard: list[str] = []
        self.between: bytes = b""
        self.plug_in()

    def plug_in(self) -> None:
        """Appear as a new terminal under the old name in by-id."""
        self._stop = threading.Event()
        self._master, self._slave = pty.openpty()
        tty.setraw(self._master)
        tty.setraw(self._slave)
        self.port = Path(os.ttyname(self._slave))
        self.by_id.mkdir(exist_ok=True)
        (self.by_id / NAME).unlink(missing_ok=True)
        (self.by_id / NAME).symlink_to(self.port)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        self._stop.set()
        self._thread.join()

    def vanish(self) -> None:
        """Be gone in the middle of an answer; for replies only."""
        self._stop.set()

    def say(self, data: bytes) -> None:
        """Write in pieces of five bytes, as long as the modem is there."""
        while data and not self._stop.is_set():
            if select.select([], [self._master], [], 0.05)[1]:
                os.write(self._master, data[:5])
                data = data[5:]

    def babble(self) -> None:
        """Write for ever."""
        while not self._stop.is_set():
            self.say(b"\r\n+CREG: 2\r\n")

    def asked(self, start: str) -> int:
        return sum(command.startswith(start) for command in self.heard)

    def _run(self) -> None:
        line = b""
        while not self._stop.is_set():
            if not select.select([self._master], [], [], 0.02)[0]:
                continue
            byte = os.read(self._master, 1)
            if self.echo:
                os.write(self._master, byte)
            if byte == b"\r":
                self._obey(line.decode("latin1"))
                line = b""
            else:
                line += byte
        (self.by_id / NAME).unlink(missing_ok=True)
        os.close(self._slave)
        os.close(self._master)

    def _obey(self, command: str) -> None:
        self.heard.append(command)
        reply = self.replies.get(command)
        if callable(reply):
            reply(self)
        else:
            self.say(self.between + (self._answer(command) if reply is None else reply))

    def _answer(self, command: str) -> bytes:
        if command == "ATE0":
            self.echo = False
        if command.startswith('AT+CPIN="'):
            return self._try_pin(command[9:-1])
        if command.startswith("AT+CGDCONT=1,"):
            self.apn = command.split('"')[3]
        if command == "AT+CFUN=1,1":
            self.unlocked = not self.pin
        locked = "SIM PIN" if self.tries_left else "SIM PUK"
        answers = {
            "AT+CPIN?": f"+CPIN: {'READY' if self.unlocked else locked}",
            "AT+CEREG?": '+CEREG: 2,1,"1A2B","01C2D3E4",7',
            "AT+CGREG?": "+CGREG: 0,1",
            "AT+CGATT?": "+CGATT: 1",
            "AT+CGACT?": "+CGACT: 1,1",
            "AT+COPS?": '+COPS: 0,0,"Viettel",7',
            "AT+CSQ": "+CSQ: 17,99",
            "AT+CGDCONT?": f'+CGDCONT: 1,"IPV4V6","{self.apn}","",0,0',
        }
        return ok(answers[command]) if command in answers else ok()

    def _try_pin(self, pin: str) -> bytes:
        if pin == self.pin:
            self.unlocked = True
            return ok() + b"\r\n+CPIN: READY\r\n"
        self.tries_left -= 1
        return error("+CME ERROR: 16")
