"""What the station sends next, by what a kiosk says it lacks."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, event

from kiosk.common.errors import StationError
from kiosk.protocol.cells import BODY, COVER, DOWN_BODY, FILLING, Chunk, Header
from kiosk.protocol.message import Kind, Message, encode, new_message_id
from uplink.link.health_report import Health
from uplink.station.downlink.queue import ALL, DownQueue, Wanted

NOW = 1_800_000_000
KIOSK, OTHER = "0" * 32, "1" * 32
KEY = Ed25519PrivateKey.generate()
REAL = Chunk(Header(1, False, bytes(16), 0, 1), secrets.token_bytes(BODY))


@pytest.fixture
def queue(database: str) -> Iterator[DownQueue]:
    queue = DownQueue(database)
    yield queue
    queue.close()


def add(
    queue: DownQueue,
    kind: Kind,
    chunks: int = 1,
    kiosk: str = ALL,
    issued: int = NOW,
    days: int = 9,
) -> bytes:
    until = issued + days * 86_400
    content = bytes(max(0, (chunks - 1) * DOWN_BODY))
    made = encode(Message(kind, new_message_id(), issued, until, content), KEY)
    assert len(made) == chunks
    message_id = made[0].header.report_id
    queue.add(made, Wanted(message_id, kiosk, kind, chunks, issued, until, "note"))
    return message_id


def choose(queue: DownQueue, up: Chunk, kiosk: str = KIOSK, now: int = NOW) -> tuple[bytes, int]:
    (chunk,) = queue.choose([(kiosk, up)], now)
    if chunk == FILLING:
        return b"", 0
    assert len(chunk.body) == DOWN_BODY
    return chunk.header.report_id, chunk.header.index


def cover(*done: bytes, missing: dict[bytes, tuple[int, ...]] | None = None) -> Chunk:
    return Health(1, done, missing or {}).chunk()


def test_an_empty_queue_fills(queue: DownQueue) -> None:
    for up in (COVER, REAL, cover()):
        assert queue.choose([(KIOSK, up)], NOW) == [FILLING]
    assert queue.choose([], NOW) == []


def test_a_message_goes_chunk_by_chunk_in_covers_and_real_cells_alike(queue: DownQueue) -> None:
    message_id = add(queue, Kind.NOTICE, 4)
    sent = [choose(queue, up) for up in (cover(), REAL, REAL, cover())]
    assert sent == [(message_id, number) for number in range(4)]


def test_what_was_lost_is_sent_again(queue: DownQueue) -> None:
    message_id = add(queue, Kind.NOTICE, 3)
    for _ in range(3):
        choose(queue, REAL)
    lacking = cover(missing={message_id: (1,)})
    assert choose(queue, lacking) == (message_id, 1)
    assert choose(queue, lacking) == (message_id, 1), "lost once more"
    assert choose(queue, cover(message_id)) == (b"", 0)


def test_a_kiosk_that_forgot_everything_gets_everything_again(queue: DownQueue) -> None:
    message_id = add(queue, Kind.NOTICE)
    assert choose(queue, cover(message_id)) == (b"", 0)
    assert choose(queue, cover()) == (message_id, 0)


def test_the_manifest_is_first_and_words_come_before_sound(queue: DownQueue) -> None:
    sound = add(queue, Kind.SOUND, 2, issued=NOW - 9)
    words = add(queue, Kind.NOTICE)
    settings = add(queue, Kind.SETTINGS)
    first = choose(queue, cover())
    manifest = add(queue, Kind.MANIFEST)
    rest = [choose(queue, REAL) for _ in range(4)]
    assert first == (settings, 0)
    assert rest == [(manifest, 0), (words, 0), (sound, 0), (sound, 1)]


def test_a_kiosk_that_keeps_nothing_does_not_stop_the_round(queue: DownQueue) -> None:
    manifest, words = add(queue, Kind.MANIFEST), add(queue, Kind.NOTICE)
    assert [choose(queue, cover())[0] for _ in range(4)] == [manifest, words] * 2


def test_each_kiosk_has_its_own_messages(queue: DownQueue) -> None:
    mine, common = add(queue, Kind.ANSWER, kiosk=KIOSK), add(queue, Kind.NOTICE)
    chosen = queue.choose([(KIOSK, REAL), (OTHER, REAL), (KIOSK, REAL)], NOW)
    assert [chunk.header.report_id for chunk in chosen] == [mine, common, common]


def test_what_has_expired_is_not_sent_and_goes_in_time(queue: DownQueue) -> None:
    add(queue, Kind.NOTICE, days=1)
    assert choose(queue, cover(), now=NOW + 86_400) == (b"", 0)
    newer = add(queue, Kind.NOTICE, issued=NOW + 86_401)
    assert [wanted.message_id for wanted in queue.wanted(NOW)] == [newer]


def test_new_settings_replace_those_for_the_same_kiosks(queue: DownQueue) -> None:
    add(queue, Kind.SETTINGS, kiosk=KIOSK)
    other = add(queue, Kind.SETTINGS, kiosk=OTHER)
    mine = add(queue, Kind.SETTINGS, kiosk=KIOSK)
    assert {wanted.message_id for wanted in queue.wanted(NOW)} == {mine, other}
    common = add(queue, Kind.SETTINGS)
    assert [wanted.message_id for wanted in queue.wanted(NOW)] == [common]


def test_what_is_removed_is_no_longer_sent(queue: DownQueue) -> None:
    message_id = add(queue, Kind.NOTICE, 2)
    queue.remove([message_id])
    assert choose(queue, cover()) == (b"", 0)
    assert queue.wanted(NOW) == []


def test_the_last_health_is_kept_with_its_hour(queue: DownQueue) -> None:
    choose(queue, Health(1).chunk())
    choose(queue, Health(4, errors=("E20",)).chunk(), now=NOW + 3600)
    choose(queue, REAL, now=NOW + 9 * 3600)
    choose(queue, COVER, now=NOW + 9 * 3600)
    heard = queue.heard()[KIOSK]
    assert (heard.health.epoch, heard.health.errors) == (4, ("E20",))
    assert heard.hour == (NOW + 3600) // 3600


@pytest.mark.parametrize("missing", [(7,), (255,)])
def test_a_kiosk_that_lacks_chunks_that_are_none_gets_none(
    queue: DownQueue, missing: tuple[int, ...]
) -> None:
    message_id = add(queue, Kind.NOTICE, 2)
    assert choose(queue, cover(missing={message_id: missing})) == (b"", 0)


def test_two_receivers_of_one_database_agree(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'station.db'}"
    first, second = DownQueue(url), DownQueue(url)
    message_id = add(first, Kind.NOTICE, 3)
    sent = [choose(queue, REAL) for queue in (first, second, first)]
    assert sent == [(message_id, number) for number in range(3)]
    first.close()
    second.close()


def test_a_database_that_fails_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "station.db").write_bytes(b"no database" * 999)
    with pytest.raises(StationError):
        DownQueue(f"sqlite:///{tmp_path / 'station.db'}")


def test_the_same_rows_are_written_for_cover_and_for_a_report(queue: DownQueue) -> None:
    """What differs is what is in them, never how much is done."""
    add(queue, Kind.SOUND, 9)
    told = Health(1)
    statements: list[list[str]] = []

    def see(_db: object, _cursor: object, statement: str, *_: object) -> None:
        statements[-1].append(statement)

    event.listen(Engine, "before_cursor_execute", see)
    for up in (told.chunk(), REAL, replace(told, epoch=2).chunk(), REAL):
        statements.append([])
        choose(queue, up)
    event.remove(Engine, "before_cursor_execute", see)
    assert len(statements[0]) == 5
    assert all(seen == statements[0] for seen in statements)
