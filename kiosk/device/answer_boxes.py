"""The answer boxes of one kiosk: from a picture code to the answers that it opens.

A right code, a wrong one and one without an answer cost the same: the keys are always derived,
every answer in the inbox is read, and as many are opened, or tried to be, as are ever shown.
"""

import secrets
from contextlib import suppress
from pathlib import Path

from kiosk.common.errors import InboxError, SealError
from kiosk.common.key_derivation import REAL, KeyDerivation
from kiosk.device import station_clock
from kiosk.device.config import Config
from kiosk.device.hardware_key import bound
from kiosk.device.inbox import Inbox
from kiosk.protocol import picture_code
from kiosk.protocol.picture_code import CODE_KEY_BYTES, Code
from kiosk.protocol.reply import PLAINTEXT, Reply, opened
from kiosk.protocol.sealing import OVERHEAD, StationPrivateKey

MOST_SHOWN = 3


class AnswerBoxes:
    """The boxes that one door opens.

    `own` is the file of the code key with which its codes are made; `others` are those of the
    doors whose codes it opens as well, as far as they can be read.
    """

    def __init__(
        self,
        config: Config,
        own: Path,
        *others: Path,
        derivation: KeyDerivation = REAL,
    ) -> None:
        self._config = config
        self._own = own
        self._others = others
        self._derivation = derivation

    def box(self, code: Code) -> StationPrivateKey:
        """The key pair of a code made here; takes a third of a second on a PC, more on a kiosk.

        Raises SealError without the door's code key.
        """
        return self._box(code, self._own)

    def open(self, code: Code) -> tuple[StationPrivateKey, tuple[Reply, ...]]:
        """The box with answers that belongs to a code, and the newest of them; else the own box.

        Raises SealError without the door's own code key.
        """
        boxes = [self._box(code, self._own)]
        for key in self._others:
            with suppress(SealError):
                boxes.append(self._box(code, key))
        found = [(box, self._answers(box)) for box in boxes]
        return next((one for one in found if one[1]), found[0])

    def _box(self, code: Code, code_key: Path) -> StationPrivateKey:
        try:
            key = code_key.read_bytes()
        except OSError:
            key = b""
        if len(key) != CODE_KEY_BYTES:
            raise SealError("the code key cannot be read", "write the card again")
        bound_key = bound(key, self._config.board)
        return picture_code.answer_box(code, bound_key, self._config.kiosk_id, self._derivation)

    def _answers(self, box: StationPrivateKey) -> tuple[Reply, ...]:
        found = self._sealed(box.public.key_id)[:MOST_SHOWN]
        decoys = (secrets.token_bytes(OVERHEAD + PLAINTEXT) for _ in range(MOST_SHOWN))
        tried = [opened(sealed, box) for sealed in (*found, *decoys)][:MOST_SHOWN]
        return tuple(answer for answer in tried if answer)

    def _sealed(self, box_id: bytes) -> list[bytes]:
        """What has come for a box; an inbox that cannot be read is as good as empty."""
        now = station_clock.now(self._config.clock)
        try:
            return Inbox(self._config.inbox).answers(box_id, now.timestamp() if now else None)
        except InboxError:
            return []
