import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.common.errors import ReportError
from kiosk.protocol import report as reports
from kiosk.protocol.report import ICON_PLAINTEXT, Report, UnknownVersion

choices = st.from_regex(r"[a-z0-9_:]{1,48}", fullmatch=True)
maybe_choices = st.none() | choices


@st.composite
def any_report(draw: st.DrawFn) -> Report:
    urgent = draw(st.booleans())
    half = draw(st.sampled_from(["", " am", " pm"])) if urgent else ""
    return Report(
        report_id=draw(st.binary(min_size=16, max_size=16)),
        box=draw(choices),
        what=tuple(draw(st.lists(choices, max_size=16))),
        where=draw(maybe_choices),
        when=draw(maybe_choices),
        how_many=draw(maybe_choices),
        urgent=urgent,
        language=draw(st.sampled_from(["vi", "hmn"])),
        channel=draw(st.sampled_from(["touch", "phone"])),
        day=draw(st.none() | st.just("2026-11-22" + half)),
        answer_key=draw(st.none() | st.binary(min_size=1216, max_size=1216)),
        text=draw(st.none() | st.text(min_size=1, max_size=100)),
    )


def fields(**changes: object) -> dict[object, object]:
    raw: dict[object, object] = {
        0: 1,
        1: bytes(16),
        2: "fraud",
        3: ["fraud:call"],
        7: False,
        8: "vi",
        9: "touch",
    }
    return raw | {int(key[1:]): value for key, value in changes.items()}


def encoded(raw: object) -> bytes:
    return cbor2.dumps(raw, canonical=True)


@given(any_report())
def test_a_report_survives_encoding_padding_and_back(report: Report) -> None:
    padded = reports.pad(reports.encode(report), ICON_PLAINTEXT)
    assert len(padded) == ICON_PLAINTEXT
    assert reports.decode(reports.unpad(padded)) == report


@given(any_report())
def test_the_encoding_is_canonical_with_small_integer_keys(report: Report) -> None:
    data = reports.encode(report)
    raw = cbor2.loads(data)
    assert encoded(raw) == data
    assert all(type(key) is int and 0 <= key <= 23 for key in raw)


@given(st.binary(max_size=200))
def test_garbage_is_refused_with_our_error(data: bytes) -> None:
    with pytest.raises(ReportError):
        reports.decode(data)


@given(any_report(), st.data())
def test_a_changed_byte_never_breaks_the_reader(report: Report, data: st.DataObject) -> None:
    blob = bytearray(reports.encode(report))
    blob[data.draw(st.integers(0, len(blob) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        changed = reports.decode(bytes(blob))
    except ReportError:
        return
    assert changed != report or reports.encode(changed) != bytes(blob)


def test_an_unknown_version_has_its_own_code() -> None:
    with pytest.raises(UnknownVersion) as caught:
        reports.decode(encoded(fields(_0=2)))
    assert caught.value.code == "E05"


def test_an_unknown_field_is_ignored() -> None:
    report = reports.decode(encoded(fields(_20={1: ["x", b"y", None]})))
    assert report.box == "fraud"


WRONG = [
    b"",
    b"[" * 10_000_000,
    b'{"0": 1, "2": "fraud"}',
    b"\xa1\x02\x61\xff",
    b"\xd9\xd9\xf7" * 1000 + b"\x00",
    encoded(fields()) + b"\x00",
    encoded(fields())[:-1],
    b"\xbf\x00\x01\xff",
    b"\xa2\x00\x01\x00\x01",
    b"\x81" * 400 + b"\x00",
    b"\xb8\x07" + encoded(fields())[1:],
    b"\xd9\xd9\xf7" + encoded(fields()),
    encoded([1, 2]),
    encoded(fields(_20=float("nan"))),
    encoded(fields(_20=2**70)),
    encoded(fields(_20=cbor2.CBORTag(1, 0))),
    encoded(fields() | {"x": 1}),
    encoded(fields(_20=b"x" * 4000)),
    encoded({key: value for key, value in fields().items() if key != 0}),
    encoded(fields(_0=True)),
    encoded(fields(_1=bytes(15))),
    encoded(fields(_2="Fraud")),
    encoded(fields(_2="x" * 49)),
    encoded(fields(_3=["a"] * 17)),
    encoded(fields(_3="fraud")),
    encoded(fields(_3=[1])),
    encoded(fields(_4="")),
    encoded(fields(_7=0)),
    encoded(fields(_8="vie1")),
    encoded(fields(_9="radio")),
    encoded(fields(_10="2026-11-22 am")),
    encoded(fields(_10="22 November")),
    encoded(fields(_11=bytes(1215))),
    encoded(fields(_12="")),
    encoded(fields(_12="x" * 501)),
    encoded(fields(_12=b"x")),
]


@pytest.mark.parametrize("data", WRONG)
def test_what_encode_cannot_have_made_is_refused(data: bytes) -> None:
    with pytest.raises(ReportError) as caught:
        reports.decode(data)
    assert caught.value.code == "E01"


@given(st.binary(max_size=60), st.integers(61, 90))
def test_padding_round_trip(data: bytes, size: int) -> None:
    assert reports.unpad(reports.pad(data, size)) == data


@pytest.mark.parametrize("padded", [b"", bytes(10), b"a\x80\x01", b"abc"])
def test_what_is_not_padded_is_refused(padded: bytes) -> None:
    with pytest.raises(ReportError):
        reports.unpad(padded)


def test_too_much_does_not_fit() -> None:
    with pytest.raises(ReportError):
        reports.pad(bytes(10), 10)
