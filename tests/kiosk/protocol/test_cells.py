import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.common.errors import CellError
from kiosk.protocol.cells import (
    BODY,
    CELL,
    COVER,
    DOWN_BODY,
    FILLING,
    Chunk,
    DownCell,
    Header,
    Kind,
    LinkKeys,
    Receipt,
    Status,
    cut,
    join,
    nonce_of,
    open_down,
    open_up,
    seal_down,
    seal_up,
)

KEYS = LinkKeys(secrets.token_bytes(32), secrets.token_bytes(32))
OTHER = LinkKeys(secrets.token_bytes(32), secrets.token_bytes(32))
ID = secrets.token_bytes(16)

kinds = st.integers(0, 255)
ids = st.binary(min_size=16, max_size=16)
counts = st.integers(0, 65_535)
headers = st.builds(Header, kinds, st.booleans(), ids, counts, counts)
receipts = st.builds(Receipt, kinds, ids, counts, st.sampled_from(Status))


def chunk(body: bytes = b"x") -> Chunk:
    return Chunk(Header(Kind.ICON, False, ID, 0, 1), body * BODY)


def test_the_arithmetic_of_the_protocol() -> None:
    assert (CELL, BODY, DOWN_BODY) == (4096, 4046, 3876)
    assert BODY == 1136 + 2910
    assert 8 * BODY == 1136 + 31_232
    assert 32 * BODY == 1136 + 128_336


@given(headers)
def test_every_chunk_makes_a_cell_of_one_size_and_comes_back(header: Header) -> None:
    sent = Chunk(header, bytes(BODY))
    cell = seal_up(KEYS, sent)
    assert len(cell) == CELL
    assert open_up(KEYS, cell) == sent


@given(st.lists(receipts, max_size=8), st.integers(0, 2**64 - 1), headers)
def test_every_down_cell_comes_back(said: list[Receipt], station_time: int, header: Header) -> None:
    nonce = secrets.token_bytes(12)
    down = DownCell(tuple(said), station_time, Chunk(header, bytes(DOWN_BODY)))
    cell = seal_down(KEYS, nonce, down)
    assert len(cell) == CELL
    assert open_down(KEYS, nonce, cell) == down


def test_cells_are_fresh_each_time() -> None:
    cells = {seal_up(KEYS, COVER) for _ in range(100)}
    assert len(cells) == len({nonce_of(cell) for cell in cells}) == 100


def test_no_bit_may_change() -> None:
    up = seal_up(KEYS, chunk())
    down = seal_down(KEYS, nonce_of(up), DownCell((), 0))
    for place in [*range(0, 60), *range(60, CELL, 97)]:
        with pytest.raises(CellError):
            open_up(KEYS, _flip(up, place))
        with pytest.raises(CellError):
            open_down(KEYS, nonce_of(up), _flip(down, place))


@pytest.mark.parametrize("size", [0, 1, CELL - 1, CELL + 1, 10 * CELL])
def test_a_cell_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(CellError):
        open_up(KEYS, bytes(size))
    with pytest.raises(CellError):
        open_down(KEYS, bytes(12), bytes(size))


def test_cells_of_another_link_or_direction_are_refused() -> None:
    up = seal_up(KEYS, chunk())
    down = seal_down(KEYS, nonce_of(up), DownCell((), 0))
    with pytest.raises(CellError):
        open_up(OTHER, up)
    with pytest.raises(CellError):
        open_down(OTHER, nonce_of(up), down)
    with pytest.raises(CellError):
        open_down(KEYS, nonce_of(seal_up(KEYS, COVER)), down)
    with pytest.raises(CellError):
        open_up(KEYS, down)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(CellError):
        seal_up(KEYS, Chunk(COVER.header, bytes(BODY - 1)))
    with pytest.raises(CellError):
        seal_down(KEYS, bytes(12), DownCell((), 0, COVER))
    nine = (Receipt(1, ID, 0, Status.STORED),) * 9
    with pytest.raises(CellError):
        seal_down(KEYS, bytes(12), DownCell(nine, 0, FILLING))


@given(st.integers(1, 6), st.randoms())
def test_chunks_join_in_any_order(count: int, random: object) -> None:
    sealed = secrets.token_bytes(count * BODY)
    chunks = cut(Kind.VOICE, True, ID, sealed)
    random.shuffle(chunks)  # type: ignore[attr-defined]
    assert join(chunks) == sealed
    assert all(c.header.urgent and c.header.count == count for c in chunks)


@pytest.mark.parametrize("size", [0, 1, BODY - 1, BODY + 1])
def test_a_part_that_does_not_fill_its_cells_is_refused(size: int) -> None:
    with pytest.raises(CellError):
        cut(Kind.ICON, False, ID, bytes(size))


def test_missing_repeated_or_foreign_chunks_do_not_join() -> None:
    chunks = cut(Kind.PHOTO, False, ID, bytes(3 * BODY))
    foreign = cut(Kind.PHOTO, False, bytes(16), bytes(3 * BODY))
    for wrong in (chunks[:2], [*chunks, chunks[0]], [*chunks[:2], foreign[2]], chunks[1:]):
        with pytest.raises(CellError):
            join(wrong)


def test_link_keys_differ_by_kiosk_generation_and_direction() -> None:
    master = secrets.token_bytes(32)
    links = [
        LinkKeys.derive(master, kiosk, generation)
        for kiosk in (bytes(16), ID)
        for generation in (1, 2)
    ]
    assert len({key for link in links for key in (link.up, link.down)}) == 8
    assert LinkKeys.derive(master, ID, 2) == links[-1]
    with pytest.raises(CellError):
        LinkKeys(b"short", bytes(32))


def test_a_receipt_names_one_chunk() -> None:
    header = Header(Kind.VOICE, True, ID, 3, 8)
    assert Receipt.of(header, Status.STORED).names(header)
    for other in (
        Header(Kind.PHOTO, True, ID, 3, 8),
        Header(Kind.VOICE, True, bytes(16), 3, 8),
        Header(Kind.VOICE, True, ID, 4, 8),
    ):
        assert not Receipt.of(header, Status.STORED).names(other)


def _flip(cell: bytes, place: int) -> bytes:
    flipped = bytearray(cell)
    flipped[place] ^= 1
    return bytes(flipped)
