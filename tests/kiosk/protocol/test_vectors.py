"""The product writes and reads what docs/vectors says: reports, answers and messages."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.common.errors import KioskError, MessageError, ReportError, SealError
from kiosk.protocol import cbor, cells, notice, procedures
from kiosk.protocol import message as messages
from kiosk.protocol import report as reports
from kiosk.protocol.message import Message
from kiosk.protocol.notice import Notice, NoticeSound, NoticeText
from kiosk.protocol.procedures import Procedure
from kiosk.protocol.reply import Reply
from kiosk.protocol.report import Report
from kiosk.protocol.sealing import StationPublicKey, read_manifest, sign_manifest
from kiosk.protocol.station_settings import Pace
from tests.vectors import load
from tests.vectors.encoding import Fields, pad, plain, value_of

MANIFEST = load("manifest")
MESSAGE = load("message")
AUTHORITY = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(MANIFEST["authority_seed"]))
NOTICE_KEY = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(MESSAGE["notice_seed"]))


@dataclass(frozen=True)
class Format:
    """One kind of message: `encode` takes values by field names, `decode` returns them."""

    encode: Callable[[dict[str, Any]], bytes]
    decode: Callable[[bytes], dict[str, Any]]
    error: type[KioskError] = MessageError


def encoded_report(fields: dict[str, Any]) -> bytes:
    absent = dict.fromkeys(("where", "when", "how_many", "day"))
    return reports.encode(Report(**absent | without_version(fields) | {"what": (*fields["what"],)}))


def decoded_report(data: bytes) -> dict[str, Any]:
    fields = asdict(reports.decode(data))
    return {"version": 1} | {name: value for name, value in fields.items() if value is not None}


def encoded_settings(fields: dict[str, Any]) -> bytes:
    return Pace(**fields | {"hours": tuple(map(tuple, fields["hours"]))}).encode()


def encoded_library(fields: dict[str, Any]) -> bytes:
    return procedures.encode(
        {
            name: Procedure((*cards,), tuple(NoticeText(*line) for line in lines), form)
            for name, cards, lines, form in fields["procedures"]
        }
    )


def decoded_library(data: bytes) -> dict[str, Any]:
    entries = [
        [name, one.cards, [[line.vi, line.hmn] for line in one.lines], one.form]
        for name, one in procedures.decode(data).items()
    ]
    return {"version": 1, "procedures": entries}


def encoded_answer(fields: dict[str, Any]) -> bytes:
    return Reply(**without_version(fields) | {"parts": (*fields["parts"],)}).encode()


def decoded_answer(padded: bytes) -> dict[str, Any]:
    answer = Reply.decode(padded)
    return {"version": 1} | asdict(answer) | {"voice": answer.voice or None}


def encoded_manifest(fields: dict[str, Any]) -> bytes:
    keys = tuple(map(StationPublicKey, fields["keys"]))
    name, notice_key = fields["station_name"], fields.get("notice_key")
    return sign_manifest(AUTHORITY, fields["epoch"], name, keys, notice_key)


def decoded_manifest(data: bytes) -> dict[str, Any]:
    manifest = read_manifest(data, bytes.fromhex(MANIFEST["authority_key"]))
    keys = [key.raw for key in manifest.keys]
    return {"version": 1, **vars(manifest), "keys": keys}


def without_version(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != "version"}


FORMATS = {
    "report": Format(encoded_report, decoded_report, ReportError),
    "settings": Format(encoded_settings, lambda data: asdict(Pace.decode(data))),
    "notice": Format(lambda fields: Notice(**fields).encode(),
                     lambda data: asdict(Notice.decode(data))),
    "sound": Format(lambda fields: NoticeSound(**fields).encode(),
                    lambda data: asdict(NoticeSound.decode(data))),
    "library": Format(encoded_library, decoded_library),
    "answer": Format(encoded_answer, decoded_answer),
    "manifest": Format(encoded_manifest, decoded_manifest, SealError),
}  # fmt: skip


def cases(which: str) -> list[Any]:
    return [
        pytest.param(name, case, id=f"{name}: {case['name']}")
        for name in FORMATS
        for case in load(name)[which]
    ]


def padded(case: Fields) -> bytes:
    data = bytes.fromhex(case["hex"])
    return pad(data, case["padded_to"]) if "padded_to" in case else data


def present(fields: dict[str, Any]) -> Any:
    return plain({name: value for name, value in fields.items() if value is not None})


@pytest.mark.parametrize(("name", "case"), cases("cases"))
def test_a_message_is_written_and_read_as_its_vector_says(name: str, case: Fields) -> None:
    assert FORMATS[name].encode(value_of(case["fields"])).hex() == padded(case).hex()
    assert present(FORMATS[name].decode(padded(case))) == case["fields"]


@pytest.mark.parametrize(("name", "case"), cases("read_only"))
def test_what_a_later_version_adds_is_ignored(name: str, case: Fields) -> None:
    data = padded(case)
    if name == "answer":
        data = pad(data, 2048)
    assert present(FORMATS[name].decode(data)) == case["fields"]


@pytest.mark.parametrize(("name", "case"), cases("refused"))
def test_what_is_no_such_message_is_refused(name: str, case: Fields) -> None:
    data = bytes.fromhex(case["hex"])
    if name == "answer":
        data = pad(data, 2048)
    with pytest.raises(FORMATS[name].error) as caught:
        FORMATS[name].decode(data)
    assert caught.value.code == case.get("code", caught.value.code)


def message_of(case: Fields) -> Message:
    fields = without_version(value_of(case["fields"]))
    return Message(**fields | {"kind": messages.Kind(fields["kind"])})


def chunks_of(case: Fields, kind: int, message_id: bytes) -> list[cells.Chunk]:
    data = bytes.fromhex(case["hex"])
    size = case.get("padded_to", 3876)
    return cells.cut(kind, False, message_id, pad(data, size), 3876)


@pytest.mark.parametrize("case", MESSAGE["cases"], ids=lambda case: case["name"])
def test_a_message_is_signed_cut_and_read_as_its_vector_says(case: Fields) -> None:
    sent = message_of(case)
    chunks = chunks_of(case, sent.kind, sent.message_id)
    assert messages.encode(sent, NOTICE_KEY) == chunks
    assert messages.decode(chunks, bytes.fromhex(MESSAGE["notice_key"])) == sent


def test_what_a_later_version_adds_to_a_message_is_ignored() -> None:
    (case,) = MESSAGE["read_only"]
    sent = message_of(case)
    chunks = chunks_of(case, sent.kind, sent.message_id)
    assert messages.decode(chunks, bytes.fromhex(MESSAGE["notice_key"])) == sent


@pytest.mark.parametrize("case", MESSAGE["refused"], ids=lambda case: case["name"])
def test_other_messages_are_refused(case: Fields) -> None:
    message_id = message_of(MESSAGE["cases"][0]).message_id
    with pytest.raises(MessageError):
        messages.decode(
            chunks_of(case, case["kind"], message_id), bytes.fromhex(MESSAGE["notice_key"])
        )


ARRAYS: dict[str, tuple[Callable[[Any], bytes], Callable[[bytes], Any]]] = {
    "withdrawal": (notice.encode_withdrawal, notice.decode_withdrawal),
    "loudspeaker": (notice.encode_hours, notice.decode_hours),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_are_written_and_read_as_their_vectors_say(name: str) -> None:
    encode, decode = ARRAYS[name]
    for case in load(name)["cases"]:
        assert encode(value_of(case["items"])).hex() == case["hex"]
        assert plain(decode(bytes.fromhex(case["hex"]))) == case["items"]
    for case in load(name)["refused"]:
        with pytest.raises(MessageError):
            decode(bytes.fromhex(case["hex"]))


def test_cbor_has_one_encoding_and_refuses_any_other() -> None:
    vectors = load("cbor")
    for case in vectors["cases"]:
        value = dict(case["map"]) if "map" in case else value_of(case["value"])
        assert cbor.encode(value).hex() == case["hex"]
        assert cbor.decode(bytes.fromhex(case["hex"]), 1000) == value
    for case in vectors["refused"]:
        with pytest.raises(ValueError, match=r".") as caught:
            cbor.decode(bytes.fromhex(case["hex"]), 1000)
        assert caught.type is ValueError, case["name"]
