import random
import secrets

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.common.errors import MessageError
from kiosk.protocol import cbor, cells
from kiosk.protocol.cells import DOWN_BODY, Chunk, Header
from kiosk.protocol.message import (
    MAX_CHUNKS,
    Kind,
    Message,
    decode,
    encode,
    is_possible,
    new_message_id,
)
from kiosk.protocol.notice import Notice, NoticeSound, decode_withdrawal, encode_withdrawal
from kiosk.protocol.report import pad

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes_raw()


def message(kind: Kind = Kind.NOTICE, content: bytes = b"words") -> Message:
    return Message(kind, new_message_id(), 1_800_000_000, 1_800_600_000, content)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("size", [0, 1, DOWN_BODY - 60, DOWN_BODY, 5 * DOWN_BODY])
def test_a_message_comes_back_from_its_chunks_in_any_order(kind: Kind, size: int) -> None:
    sent = message(kind, secrets.token_bytes(size))
    chunks = encode(sent, KEY)
    assert {len(chunk.body) for chunk in chunks} == {DOWN_BODY}
    random.Random(size).shuffle(chunks)
    assert decode(chunks, PUBLIC) == sent


def test_a_message_is_signed_as_the_protocol_says() -> None:
    sent = message()
    payload = cbor.encode(
        {0: 1, 1: 5, 2: sent.message_id, 3: sent.issued, 4: sent.valid_until, 5: b"words"}
    )
    signed = payload + KEY.sign(b"homthu message v1" + payload)
    chunks = cells.cut(5, False, sent.message_id, pad(signed, DOWN_BODY), DOWN_BODY)
    assert encode(sent, KEY) == chunks
    assert decode(chunks, PUBLIC) == sent


def test_a_signature_of_anybody_else_is_refused() -> None:
    stranger = Ed25519PrivateKey.generate()
    chunks = encode(message(), KEY)
    for key in (stranger.public_key().public_bytes_raw(), b"no key", None):
        with pytest.raises(MessageError):
            decode(chunks, key)


def test_no_changed_bit_goes_unseen() -> None:
    (chunk,) = encode(message(), KEY)
    for place in range(0, 180, 5):
        body = bytearray(chunk.body)
        body[place] ^= 1
        with pytest.raises(MessageError):
            decode([Chunk(chunk.header, bytes(body))], PUBLIC)


def test_what_the_header_says_must_be_what_is_signed() -> None:
    sent = message()
    (chunk,) = encode(sent, KEY)
    for kind, message_id in ((Kind.SOUND, sent.message_id), (Kind.NOTICE, new_message_id())):
        with pytest.raises(MessageError):
            decode([Chunk(Header(kind, False, message_id, 0, 1), chunk.body)], PUBLIC)


def test_chunks_of_two_messages_or_too_few_are_no_message() -> None:
    first = encode(message(content=bytes(9000)), KEY)
    second = encode(message(content=bytes(9000)), KEY)
    for chunks in (first[:-1], [*first[:-1], second[-1]], [*first, first[0]]):
        with pytest.raises(MessageError):
            decode(chunks, PUBLIC)


def test_a_message_has_a_largest_size() -> None:
    most = message(content=bytes(MAX_CHUNKS * DOWN_BODY - 200))
    assert len(encode(most, KEY)) == MAX_CHUNKS
    with pytest.raises(MessageError):
        encode(message(content=bytes(MAX_CHUNKS * DOWN_BODY)), KEY)


@pytest.mark.parametrize(
    ("kind", "index", "count", "possible"),
    [(5, 0, 1, True), (5, 255, 256, True), (5, 0, 257, False), (5, 1, 1, False), (9, 0, 1, False)],
)
def test_what_can_be_part_of_a_message(kind: int, index: int, count: int, possible: bool) -> None:
    assert is_possible(Header(kind, False, bytes(16), index, count)) is possible


def test_a_notice_and_its_sound_come_back() -> None:
    notice = Notice("fraud", "Không nghe lời lạ", "Tsis txhob mloog")
    assert Notice.decode(notice.encode()) == notice
    sound = NoticeSound(bytes(16), "hmn", b"OggS")
    assert NoticeSound.decode(sound.encode()) == sound
    ids = [new_message_id(), new_message_id()]
    assert decode_withdrawal(encode_withdrawal(ids)) == ids


def test_a_notice_of_more_than_200_letters_is_refused() -> None:
    assert Notice("fire", "a" * 200).encode()
    for words in ("a" * 201, "", "two\nlines", "\u202egnol"):
        with pytest.raises(MessageError):
            Notice("fire", words).encode()
        with pytest.raises(MessageError):
            Notice.decode(cbor.encode({0: "fire", 1: words, 2: ""}))


def test_an_unknown_topic_shows_the_general_picture() -> None:
    assert Notice.decode(cbor.encode({0: "volcano", 1: "a", 2: ""})).topic == "station"


@pytest.mark.parametrize("content", [b"", b"\xff", cbor.encode([1]), cbor.encode({0: 1})])
def test_other_content_is_refused(content: bytes) -> None:
    for read in (Notice.decode, NoticeSound.decode, decode_withdrawal):
        with pytest.raises(MessageError):
            read(content)
