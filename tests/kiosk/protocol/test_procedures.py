"""The procedures library as a message: what comes back, and what is refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.common.errors import MessageError
from kiosk.protocol import cbor, procedures
from kiosk.protocol.notice import NoticeText
from kiosk.protocol.procedures import MAX_LINE, Procedure

RESIDENCE = Procedure(
    ("paper_id", "place_police"),
    (NoticeText("Không mất tiền.", "Tsis them nyiaj."),),
    "https://dvc.vn/t",
)


def test_a_library_comes_back() -> None:
    known = {"residence": RESIDENCE, "birth": Procedure(("paper_birth",))}
    assert procedures.decode(procedures.encode(known)) == known


@pytest.mark.parametrize(
    "wrong",
    [
        Procedure(()),
        Procedure(("paper_id",) * 2),
        Procedure(tuple(f"paper_{n}" for n in "abcde")),
        Procedure(("../etc",)),
        Procedure(("paper_id",), (NoticeText(""),)),
        Procedure(("paper_id",), (NoticeText("a" * (MAX_LINE + 1)),)),
        Procedure(("paper_id",), (NoticeText("Tốt", "b" * (MAX_LINE + 1)),)),
        Procedure(("paper_id",), (NoticeText("hai\ndòng"),)),
        Procedure(("paper_id",), (NoticeText("một"),) * 5),
        Procedure(("paper_id",), (), "javascript:alert(1)"),
        Procedure(("paper_id",), (), "https://dvc.vn/" + "x" * 200),
    ],
)
def test_what_no_kiosk_can_show_is_not_sent(wrong: Procedure) -> None:
    with pytest.raises(MessageError):
        procedures.encode({"residence": wrong})


@given(st.binary(max_size=200))
def test_any_bytes_are_a_library_or_refused(data: bytes) -> None:
    with suppress(MessageError):
        procedures.decode(data)


@pytest.mark.parametrize("content", [{0: 2, 1: []}, {0: 1}, {0: 1, 1: [["x"]]}, {0: 1, 1: [7]}])
def test_another_version_is_refused(content: object) -> None:
    with pytest.raises(MessageError):
        procedures.decode(cbor.encode(content))
