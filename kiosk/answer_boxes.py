"""The answer boxes of one kiosk: from a picture code to the answers that it opens.

A right code, a wrong one and one without an answer cost the same: the key is always derived, every
answer in the inbox is read, and as many are opened, or tried to be, as are ever shown.
"""

import secrets

from kiosk import picture_code, station_clock
from kiosk.answer import PLAINTEXT, Answer, opened
from kiosk.config import Config
from kiosk.errors import SealError
from kiosk.inbox import Inbox
from kiosk.picture_code import CODE_KEY_BYTES, Code
from kiosk.sealing import OVERHEAD, StationPrivateKey

MOST_SHOWN = 3


class AnswerBoxes:
    """The boxes whose codes were made at this kiosk."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def box(self, code: Code) -> StationPrivateKey:
        """The key pair behind a code; it takes a third of a second on a PC, longer on a kiosk.

        Raises SealError without the kiosk's code key.
        """
        try:
            key = self._config.code_key.read_bytes()
        except OSError:
            key = b""
        if len(key) != CODE_KEY_BYTES:
            raise SealError("the code key cannot be read", "write the card anew")
        return picture_code.answer_box(code, key, self._config.kiosk_id)

    def answers(self, code: Code) -> tuple[Answer, ...]:
        """The newest answers that the code opens; raises InboxError when none can be looked for."""
        box = self.box(code)
        now = station_clock.now(self._config.clock)
        inbox = Inbox(self._config.inbox)
        found = inbox.answers(box.public.key_id, now.timestamp() if now else None)[:MOST_SHOWN]
        decoys = (secrets.token_bytes(OVERHEAD + PLAINTEXT) for _ in range(MOST_SHOWN))
        tried = [opened(sealed, box) for sealed in (*found, *decoys)][:MOST_SHOWN]
        return tuple(answer for answer in tried if answer)
