"""Picture codes: what a mis-tap does, and that the answer box follows the published vectors."""

import re
from itertools import combinations

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st

from kiosk.common.errors import SealError
from kiosk.content import catalog
from kiosk.protocol.picture_code import (
    CHOSEN,
    LENGTH,
    answer_box,
    check_picture,
    expanded,
    families,
    is_consistent,
    new_code,
    pictures,
    strings,
)
from kiosk.protocol.sealing import seal_answer

KIOSK, KEY = b"\x5a" * 16, bytes(range(32))
chosen = st.lists(st.sampled_from(pictures()), min_size=CHOSEN, max_size=CHOSEN)


def whole(five: list[str]) -> tuple[str, ...]:
    return (*five, check_picture(five))


def test_eight_families_of_eight_different_pictures() -> None:
    assert [len(members) for members in families().values()] == [8] * 8
    assert len(set(pictures())) == 64


def test_no_two_pictures_are_called_the_same_in_either_language() -> None:
    words = catalog.load(strings())
    for language in ("vi", "hmn"):
        for one, other in combinations(pictures(), 2):
            said = [words.words(f"pic.{name}", language).speak for name in (one, other)]
            assert said[0] != said[1], said


def test_a_new_code_has_five_different_pictures_and_fits_its_check_picture() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert len(code) == LENGTH
        assert len(set(code[:CHOSEN])) == CHOSEN
        assert is_consistent(code)


@given(chosen, st.integers(0, LENGTH - 1), st.sampled_from(pictures()))
def test_one_wrong_picture_is_always_caught(five: list[str], place: int, wrong: str) -> None:
    code = list(whole(five))
    right, code[place] = code[place], wrong
    assert is_consistent(tuple(code)) == (right == wrong)


@given(chosen, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_two_that_changed_places_are_always_caught(five: list[str], one: int, other: int) -> None:
    code = list(whole(five))
    code[one], code[other] = code[other], code[one]
    assert is_consistent(tuple(code)) == (tuple(code) == whole(five))


def test_too_few_or_too_many_pictures_are_no_code() -> None:
    code = new_code()
    assert not is_consistent(code[:CHOSEN])
    assert not is_consistent((*code, code[0]))


def test_the_same_code_gives_the_same_box_and_everything_else_another() -> None:
    code, other = whole(["buffalo", "sun", "key", "car", "egg"]), new_code()
    box = answer_box(code, KEY, KIOSK)
    assert answer_box(code, KEY, KIOSK).public == box.public
    strangers = [
        answer_box(other, KEY, KIOSK),
        answer_box(code, bytes(32), KIOSK),
        answer_box(code, KEY, bytes(16)),
    ]
    assert len({box.public, *(stranger.public for stranger in strangers)}) == 4
    sealed = seal_answer(b"come", box.public)
    assert box.open_answer(sealed) == b"come"
    for stranger in strangers:
        with pytest.raises(SealError):
            stranger.open_answer(sealed)


def test_an_answer_does_not_open_as_a_part_of_a_report() -> None:
    box = expanded(bytes(32))
    with pytest.raises(SealError):
        box.open(1, seal_answer(b"come", box.public))


def test_argon2id_takes_its_secret_as_rfc_9106_says() -> None:
    made = Argon2id(
        salt=b"\x02" * 16, length=32, iterations=3, lanes=4, memory_cost=32,
        ad=b"\x04" * 12, secret=b"\x03" * 8,
    ).derive(b"\x01" * 32)  # fmt: skip
    tag = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
    assert made.hex() == tag


def test_names_are_fit_for_tiles_and_strings() -> None:
    names = (*families(), *pictures())
    assert all(re.fullmatch("[a-z_]{2,20}", name) for name in names)
