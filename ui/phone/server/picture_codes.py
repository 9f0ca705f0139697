"""Picture codes for phones: a new one for a report, or the answers that an earlier one opens.

What a phone wishes is sealed to a key of this process, what it is told to a key that it has made
for this one wish. Wishes have one size and so have answers; a new code, a right one, a wrong one
and one without an answer cost the same work. Nothing of it is ever written.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from kiosk.common.errors import MessageError, SealError
from kiosk.device.answer_boxes import AnswerBoxes
from kiosk.protocol.picture_code import Code, is_code, new_code
from kiosk.protocol.reply import Reply
from kiosk.protocol.sealing import OVERHEAD, StationPrivateKey, StationPublicKey, seal_told
from ui.phone.server.submissions import Quota

WISH, TOLD = 2048, 8192
"""Bytes of JSON before they are sealed; spaces fill them up."""

WISH_BODY = WISH + OVERHEAD
RENEWED_S = 3600.0


@dataclass(frozen=True)
class CodeRequest:
    """What one phone wants: `code` is empty when it wants a new one."""

    key: StationPublicKey
    code: Code = field(repr=False)


class Keyring:
    """The keys that phones seal to: a new one for each hour of use; the last one still opens."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._made_at = now()
        self._keys = [StationPrivateKey.generate()]

    def current(self) -> StationPublicKey:
        """The key to seal to now."""
        if self._now() - self._made_at >= RENEWED_S:
            self._made_at = self._now()
            self._keys = [StationPrivateKey.generate(), self._keys[0]]
        return self._keys[0].public

    def open(self, sealed: bytes) -> tuple[bytes, StationPublicKey]:
        """The wish and the key it was sealed to; raises MessageError when it was to none."""
        for key in self._keys:
            try:
                return key.open_wish(sealed), key.public
            except SealError:
                continue
        raise MessageError("a wish that was not sealed to this server")


class Codes:
    """Fulfils wishes, one at a time: each takes 64 MiB and a processor core.

    `asked` limits all wishes, `failed` the codes that have opened nothing.
    """

    def __init__(self, boxes: AnswerBoxes, asked: Quota, failed: Quota) -> None:
        self._boxes = boxes
        self._asked = asked
        self._failed = failed
        self._keys = Keyring()

    def key(self) -> StationPublicKey:
        """The key to which a wish is sealed now."""
        return self._keys.current()

    def wait_s(self) -> float:
        """How long until the next wish is heard; 0 when it is at once."""
        return self._asked.wait_s()

    def answer(self, sealed: bytes) -> bytes:
        """What a wish is answered, sealed.

        Raises MessageError when it is no wish, SealError without a code key.
        """
        plain, asked = self._keys.open(sealed)
        wish = _read(plain)
        self._asked.spend()
        told = json.dumps(self._fulfil(wish), ensure_ascii=False).encode().ljust(TOLD)
        assert len(told) == TOLD
        return seal_told(told, wish.key, asked)

    def _fulfil(self, wish: CodeRequest) -> dict[str, Any]:
        locked = bool(wish.code) and self._failed.wait_s() > 0
        fresh = () if wish.code else new_code()
        box, answers = self._boxes.open(new_code() if locked else wish.code or fresh)
        if wish.code and not (locked or answers):
            self._failed.spend()
        return {
            "code": fresh,
            "key": base64.b64encode(box.public.raw).decode(),
            "answers": [_shown(answer) for answer in answers],
            "locked": locked,
        }


def _read(plain: bytes) -> CodeRequest:
    try:
        match json.loads(plain):
            case {"key": str(key), "code": code} if code == [] or is_code(code):
                raw = base64.b64decode(key, validate=True)
                return CodeRequest(StationPublicKey(raw), tuple(code))
    except (ValueError, SealError) as error:
        raise MessageError("a wish that cannot be read") from error
    raise MessageError("a wish of an unknown form")


def _shown(answer: Reply) -> dict[str, Any]:
    """An officer's voice stays at the kiosk: with it, what is told would be ten times as long."""
    return {
        "parts": [[part.picture, part.string_id] for part in answer.shown()],
        "number": answer.number,
        "text": answer.text,
        "voiced": bool(answer.voice),
    }
