"""Answers: their form, their one size, and what a kiosk makes of ones it does not know."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.common.errors import MessageError, SealError
from kiosk.device.inbox import BOX_BYTES
from kiosk.protocol import cbor
from kiosk.protocol.cells import DOWN_BODY
from kiosk.protocol.message import Kind, Message, encode, new_message_id
from kiosk.protocol.picture_code import expanded
from kiosk.protocol.reply import (
    MAX_TEXT,
    MAX_VOICE,
    OTHER,
    PLAINTEXT,
    Reply,
    content_for,
    opened,
    phrases,
)
from kiosk.protocol.report import pad
from kiosk.views import code

BOX = expanded(bytes(32))
COME = Reply(("come", "place_station", "monday", "morning"))
LONGEST = Reply(("come",) * 6, "+84 215 374 0123 44", "ộ" * MAX_TEXT)


SPOKEN = Reply(("done",), voice=b"OggS" + bytes(40_000))
LONGEST_SPOKEN = replace(LONGEST, voice=bytes(MAX_VOICE))


@pytest.mark.parametrize("answer", [COME, LONGEST, Reply((), "", "Chào bà con."), SPOKEN])
def test_an_answer_is_sealed_to_its_box_and_opened_there(answer: Reply) -> None:
    content = content_for(answer, BOX.public.raw)
    assert content[:BOX_BYTES] == BOX.public.key_id
    assert opened(content[BOX_BYTES:], BOX) == answer
    assert opened(content[BOX_BYTES:], expanded(b"\x01" * 32)) is None


def test_all_answers_are_of_one_size_and_go_in_one_cell() -> None:
    sizes = {len(content_for(a, BOX.public.raw)) for a in (COME, LONGEST, Reply(("done",)))}
    (size,) = sizes
    for issued in (0, 2**33):
        message = Message(Kind.ANSWER, new_message_id(), issued, issued + 1, bytes(size))
        (chunk,) = encode(message, None)
        assert len(chunk.body) == DOWN_BODY


def test_all_answers_with_a_voice_are_of_one_size_however_long_it_is() -> None:
    short = Reply((), voice=b"OggS")
    (size,) = {len(content_for(a, BOX.public.raw)) for a in (short, SPOKEN, LONGEST_SPOKEN)}
    for issued in (0, 2**33):
        message = Message(Kind.ANSWER, new_message_id(), issued, issued + 1, bytes(size))
        assert len(encode(message, None)) == 13


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "a" * (MAX_TEXT + 1)},
        {"text": "dòng\nhai"},
        {"text": "\u202emoc"},
        {"parts": ("come",) * 7},
        {"parts": ("=HYPERLINK",)},
        {"parts": ("",)},
        {"number": "gọi tôi"},
        {"number": "1" * 30},
        {"voice": bytes(MAX_VOICE + 1)},
        {},
    ],
)
def test_what_a_kiosk_would_refuse_is_refused_here(fields: dict[str, object]) -> None:
    with pytest.raises(MessageError):
        Reply(**({"parts": ()} | fields))  # type: ignore[arg-type]


def test_a_part_that_is_not_known_is_shown_as_a_general_one() -> None:
    shown = Reply(("dance", "received")).shown()
    assert [part.string_id for part in shown] == [f"answer.{OTHER}", "answer.received"]


@given(st.binary(max_size=200))
def test_any_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(MessageError):
        Reply.decode(pad(data, PLAINTEXT))


@pytest.mark.parametrize(
    "form",
    [
        {0: 2, 1: [], 2: "", 3: "a"},
        {0: 1, 1: [1], 2: "", 3: ""},
        {0: 1, 1: [], 2: "", 3: "a", 4: "b"},
        [],
    ],
)
def test_other_forms_are_refused(form: object) -> None:
    with pytest.raises(MessageError):
        Reply.decode(pad(cbor.encode(form), PLAINTEXT))


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(SealError):
        content_for(COME, b"\x00" * 10)


def test_an_officer_can_choose_only_what_can_be_shown() -> None:
    known = phrases()
    assert OTHER not in known.asks
    asked = {name for names in known.asks.values() for name in names}
    assert asked == {*known.lists, "number"}
    assert {part for parts in known.lists.values() for part in parts} <= set(known.parts)


def test_pictures_come_before_what_was_written() -> None:
    answer = Reply(("call",), "0215 374", "Chào bà con.")
    pictures, written = code.answer_pages(answer)
    assert [tile.string_id for tile in pictures] == ["answer.call"]
    assert [tile.spoken for tile in written] == [("vi", "0 2 1 5 3 7 4"), ("vi", "Chào bà con.")]
