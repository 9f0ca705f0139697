"""What the station answers: parts with pictures and clips at the kiosk, a number, a line, a voice.

Before they are sealed all answers without a voice have one size, and all with one have another, so
that nobody learns from the outside what an answer says.
"""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from kiosk.common.errors import KioskError, MessageError, SealError
from kiosk.protocol.cbor_map import CborMap
from kiosk.protocol.picture_code import pictures
from kiosk.protocol.report import pad, unpad
from kiosk.protocol.sealing import StationPrivateKey, StationPublicKey, seal_answer

MAX_PARTS = 6
MAX_TEXT = 200
PLAINTEXT = 2048
VOICED_PLAINTEXT = 49_152
MAX_VOICE = VOICED_PLAINTEXT - PLAINTEXT
"""One cell, and thirteen: an officer may speak for half a minute."""

OTHER, TICKET = "other", "ticket"
VOICE = "answer.voice"
MAX_VOICE_S = 30

_ALONE = (OTHER, TICKET)
"""Phrases that no officer picks from a list."""

_WIRE = CborMap(version=0, parts=1, number=2, text=3, voice=4)
_VERSION = 1
_PART = re.compile(r"[a-z0-9_]{1,48}")
_NUMBER = re.compile(r"\+?[0-9](?:[0-9 ]{1,18}[0-9])")
_CURE = f"at most {MAX_PARTS} phrases, {MAX_TEXT} printable characters, digits in the number"


@dataclass(frozen=True)
class ReplyPart:
    """A part as it is shown and spoken."""

    picture: str
    string_id: str


@dataclass(frozen=True)
class Phrases:
    """`parts` is all that can be shown, `asks` what an officer adds to a phrase, `lists` from
    which parts he may choose it."""

    parts: dict[str, ReplyPart]
    asks: dict[str, tuple[str, ...]]
    lists: dict[str, tuple[str, ...]]

    def strings(self) -> frozenset[str]:
        """The ids of the strings of all parts."""
        return frozenset(part.string_id for part in self.parts.values())

    def tiles(self) -> frozenset[str]:
        """The names of the pictures of all parts."""
        return frozenset(part.picture for part in self.parts.values())


@cache
def phrases() -> Phrases:
    """The product's own phrases."""
    raw = tomllib.loads(
        resources.files("kiosk.protocol").joinpath("replies.toml").read_text("utf-8")
    )
    parts = {name: ReplyPart(p["picture"], f"answer.{name}") for name, p in raw["phrases"].items()}
    for entry in raw["lists"].values():
        parts |= {name: ReplyPart(name, f"{entry['group']}.{name}") for name in entry["parts"]}
    parts |= {name: ReplyPart(f"pic_{name}", f"pic.{name}") for name in pictures()}
    return Phrases(
        parts,
        {
            name: tuple(p.get("asks", ()))
            for name, p in raw["phrases"].items()
            if name not in _ALONE
        },
        {name: tuple(entry["parts"]) for name, entry in raw["lists"].items()},
    )


@dataclass(frozen=True)
class Reply:
    """One answer: `parts` are ids, `number` a telephone number, `text` a line in Vietnamese.

    `voice` is an officer's recording as Ogg Opus, at most MAX_VOICE bytes.

    Raises MessageError for what a kiosk would refuse.
    """

    parts: tuple[str, ...]
    number: str = ""
    text: str = ""
    voice: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        fits = (
            len(self.parts) <= MAX_PARTS
            and all(isinstance(part, str) and _PART.fullmatch(part) for part in self.parts)
            and (not self.number or _NUMBER.fullmatch(self.number))
            and len(self.text) <= MAX_TEXT
            and self.text.isprintable()
            and len(self.voice) <= MAX_VOICE
            and (self.parts or self.number or self.text or self.voice)
        )
        if not fits:
            raise MessageError("this cannot be an answer", _CURE)

    def shown(self) -> tuple[ReplyPart, ...]:
        """Its parts as pictures and strings; what this version does not know is OTHER."""
        known = phrases().parts
        return tuple(known.get(part, known[OTHER]) for part in self.parts)

    def encode(self) -> bytes:
        """Its bytes, padded; an answer without a voice leaves that field out."""
        fields = {"version": _VERSION, **vars(self), "parts": list(self.parts)}
        if self.voice:
            return pad(_WIRE.encode(fields), VOICED_PLAINTEXT)
        del fields["voice"]
        return pad(_WIRE.encode(fields), PLAINTEXT)

    @classmethod
    def decode(cls, padded: bytes) -> "Reply":
        """The answer in opened bytes; raises MessageError when there is none."""
        try:
            match _WIRE.decode(unpad(padded), VOICED_PLAINTEXT):
                case {
                    "version": 1,
                    "parts": [*parts],
                    "number": str(number),
                    "text": str(text),
                    **rest,
                }:
                    return cls(tuple(parts), number, text, _voice(rest.get("voice", b"")))
        except (KioskError, ValueError) as error:
            raise MessageError("bytes that are no answer") from error
        raise MessageError("an answer of an unknown form")


def _voice(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise MessageError("a voice that is none")
    return value


def content_for(answer: Reply, answer_key: bytes) -> bytes:
    """The content of an ANSWER message: the id of the answer box, then the answer sealed to it.

    `answer_key` is the public key in the report. Raises SealError when it is none.
    """
    box = StationPublicKey(answer_key)
    return box.key_id + seal_answer(answer.encode(), box)


def opened(sealed: bytes, box: StationPrivateKey) -> Reply | None:
    """The answer that was sealed to `box`, or None."""
    try:
        return Reply.decode(box.open_answer(sealed))
    except (SealError, MessageError):
        return None
