"""What the kiosk makes of messages, good and bad, in any order."""

import os
import random
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.common.errors import InboxError, SealError
from kiosk.device.inbox import Inbox, station_manifest
from kiosk.protocol.cells import DOWN_BODY, FILLING, Chunk, Header
from kiosk.protocol.message import Kind, new_message_id
from kiosk.protocol.notice import NoticeSound, encode_withdrawal
from kiosk.protocol.sealing import sign_manifest
from kiosk.protocol.station_settings import Pace
from tests.uplink.courier.messages import (
    AUTHORITY,
    BUNDLE,
    DAY,
    NEW,
    NOW,
    OLD,
    PUBLIC,
    ROOT,
    id_of,
    manifest,
    message,
    notice,
)
from uplink.courier.inbox_writer import KEPT_S, MAX_MESSAGES, MAX_TOTAL_CHUNKS, InboxWriter


def epoch(intake: InboxWriter) -> int:
    manifest = intake.manifest()
    assert manifest is not None
    return manifest.epoch


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[InboxWriter]:
    intake = InboxWriter(tmp_path / "inbox.db", AUTHORITY, BUNDLE)
    yield intake
    intake.close()


@pytest.fixture
def inbox(tmp_path: Path, intake: InboxWriter) -> Inbox:
    intake.take(FILLING, NOW)
    return Inbox(tmp_path / "inbox.db")


def take(intake: InboxWriter, chunks: list[Chunk], now: int = NOW) -> list[Chunk]:
    for chunk in chunks:
        intake.take(chunk, now)
    return chunks


def shown(inbox: Inbox, now: int = NOW) -> list[str]:
    return [item.vi for item in inbox.notices(PUBLIC, now).values()]


def test_a_notice_of_several_chunks_is_joined_in_any_order(
    intake: InboxWriter, inbox: Inbox
) -> None:
    words = take(intake, message(Kind.NOTICE, notice()))
    audio = secrets.token_bytes(5 * DOWN_BODY)
    sound = message(Kind.SOUND, NoticeSound(id_of(words), "vi", audio).encode())
    random.Random(1).shuffle(sound)
    take(intake, sound[1:])
    listing = intake.listing()
    assert listing.done == (id_of(words),)
    assert listing.missing == {id_of(sound): (sound[0].header.index,)}
    assert inbox.sounds(PUBLIC, NOW) == []
    take(intake, sound[:1])
    assert [item.audio for item in inbox.sounds(PUBLIC, NOW)] == [audio]
    assert list(inbox.notices(PUBLIC, NOW)) == [id_of(words)]
    assert intake.listing().missing == {}


def test_a_chunk_that_comes_twice_changes_nothing(intake: InboxWriter, inbox: Inbox) -> None:
    chunks = take(intake, message(Kind.NOTICE, notice()))
    before = (intake.listing(), inbox.notices(PUBLIC, NOW))
    take(intake, chunks * 3)
    assert (intake.listing(), inbox.notices(PUBLIC, NOW)) == before


def test_a_wrong_signature_changes_nothing(
    intake: InboxWriter, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    stranger = Ed25519PrivateKey.generate()
    forged = [
        *take(intake, message(Kind.NOTICE, notice(), key=stranger)),
        *take(intake, message(Kind.SETTINGS, Pace(1).encode(), key=stranger)),
    ]
    assert caplog.messages == ["E23", "E23"]
    assert shown(inbox) == []
    assert intake.pace() is None
    assert set(intake.listing().done) == {chunk.header.report_id for chunk in forged}


def test_a_newer_manifest_is_taken_and_an_older_one_is_not(
    intake: InboxWriter, inbox: Inbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bundle, authority = tmp_path / "manifest.cbor", tmp_path / "authority.pub"
    bundle.write_bytes(BUNDLE)
    authority.write_bytes(AUTHORITY)

    def current() -> tuple[int, bytes]:
        found = station_manifest(authority, bundle, tmp_path / "inbox.db")
        assert intake.manifest() == found
        return found.epoch, found.keys[0].raw

    assert current() == (3, OLD.public.raw)
    take(intake, message(Kind.MANIFEST, manifest(4, NEW)))
    assert current() == (4, NEW.public.raw)
    stranger = Ed25519PrivateKey.generate()
    for bad in (manifest(2), manifest(3), manifest(9, root=stranger), b"no manifest"):
        take(intake, message(Kind.MANIFEST, bad))
        assert current() == (4, NEW.public.raw)
    assert caplog.messages == ["E04"] * 4


def test_without_any_manifest_nothing_is_sealed_and_nothing_signed_is_kept(tmp_path: Path) -> None:
    with closing(InboxWriter(tmp_path / "inbox.db", AUTHORITY, b"")) as intake:
        take(intake, message(Kind.NOTICE, notice()))
        assert intake.manifest() is None
        assert shown(Inbox(tmp_path / "inbox.db")) == []
        for name in ("manifest.cbor", "authority.pub"):
            (tmp_path / name).write_bytes(AUTHORITY)
        paths = [tmp_path / name for name in ("authority.pub", "manifest.cbor", "inbox.db")]
        with pytest.raises(SealError):
            station_manifest(*paths)
        take(intake, message(Kind.MANIFEST, manifest(1)))
        assert station_manifest(*paths).epoch == 1


def test_what_was_refused_for_want_of_a_key_gets_another_chance(intake: InboxWriter) -> None:
    newcomer = Ed25519PrivateKey.generate()
    chunks = take(intake, message(Kind.NOTICE, notice(), key=newcomer))
    assert intake.listing().done == (id_of(chunks),)
    public = newcomer.public_key().public_bytes_raw()
    signed = sign_manifest(ROOT, 4, "station", (OLD.public,), public)
    take(intake, message(Kind.MANIFEST, signed))
    assert id_of(chunks) not in intake.listing().done
    take(intake, chunks)
    assert id_of(chunks) in intake.listing().done


def test_the_newest_settings_count_whenever_they_come(intake: InboxWriter) -> None:
    take(intake, message(Kind.SETTINGS, Pace(600).encode(), issued=NOW))
    take(intake, message(Kind.SETTINGS, Pace(900).encode(), issued=NOW - 5))
    assert intake.pace() == Pace(600)
    take(intake, message(Kind.SETTINGS, Pace(1200).encode(), issued=NOW + 5))
    assert intake.pace() == Pace(1200)
    assert len(intake.listing().done) == 2, "the newest and the one that was refused"


def test_settings_no_kiosk_can_follow_leave_the_old_ones(intake: InboxWriter) -> None:
    take(intake, message(Kind.SETTINGS, Pace(600).encode()))
    take(intake, message(Kind.SETTINGS, b"\xa0", issued=NOW + 9))
    assert intake.pace() == Pace(600)


def test_a_withdrawn_notice_is_gone_whole_or_not(intake: InboxWriter, inbox: Inbox) -> None:
    whole = take(intake, message(Kind.NOTICE, notice("a")))
    kept = take(intake, message(Kind.NOTICE, notice("b")))
    partial = message(Kind.SOUND, NoticeSound(id_of(whole), "vi", bytes(9000)).encode())
    take(intake, partial[:1])
    lasting = take(intake, message(Kind.MANIFEST, manifest(4)))
    ids = [id_of(whole), id_of(partial), id_of(lasting)]
    take(intake, message(Kind.WITHDRAWAL, encode_withdrawal(ids)))
    assert epoch(intake) == 4, "nobody withdraws a key"
    assert list(inbox.notices(PUBLIC, NOW)) == [id_of(kept)]
    assert intake.listing().missing == {}


def test_answers_are_read_by_their_box_alone(intake: InboxWriter, inbox: Inbox) -> None:
    mine, other = secrets.token_bytes(16), secrets.token_bytes(16)
    take(intake, message(Kind.ANSWER, mine + b"first", issued=NOW))
    take(intake, message(Kind.ANSWER, other + b"other"))
    take(intake, message(Kind.ANSWER, mine + b"second", issued=NOW + 1))
    assert inbox.answers(mine, NOW) == [b"second", b"first"]
    assert inbox.answers(secrets.token_bytes(16), NOW) == []


def test_only_the_stations_time_ends_a_notice(intake: InboxWriter, inbox: Inbox) -> None:
    """The kiosk's own clock is never asked: these dates lie years from it."""
    chunks = take(intake, message(Kind.NOTICE, notice(), days=2))
    assert shown(inbox, NOW + DAY)
    assert shown(inbox, NOW + 3 * DAY) == [], "hidden before it is cleared away"
    intake.take(FILLING, NOW + DAY)
    assert intake.listing().done == (id_of(chunks),)
    intake.take(FILLING, NOW + 3 * DAY)
    assert intake.listing().done == ()


def test_nothing_but_manifest_settings_and_library_is_kept_for_more_than_a_month(
    intake: InboxWriter,
) -> None:
    for kind, content in (
        (Kind.NOTICE, notice()),
        (Kind.ANSWER, bytes(17)),
        (Kind.MANIFEST, manifest(3)),
        (Kind.SETTINGS, Pace(300).encode()),
        (Kind.LIBRARY, b"papers"),
    ):
        take(intake, message(kind, content, days=400))
    partial = message(Kind.SOUND, NoticeSound(bytes(16), "vi", bytes(9000)).encode(), days=400)
    take(intake, partial[:1])
    intake.take(FILLING, NOW + KEPT_S + DAY)
    assert len(intake.listing().done) == 3
    assert intake.listing().missing == {}


def test_a_station_whose_clock_was_years_ahead_mends_it(intake: InboxWriter, inbox: Inbox) -> None:
    chunks = take(intake, message(Kind.NOTICE, notice()))
    take(intake, message(Kind.MANIFEST, manifest(4)))
    intake.take(FILLING, NOW + 10 * 365 * DAY)
    assert shown(inbox) == []
    assert epoch(intake) == 4, "filing stays open"
    take(intake, chunks)
    assert len(shown(inbox)) == 1


def test_an_unknown_kind_is_ignored(intake: InboxWriter, caplog: pytest.LogCaptureFixture) -> None:
    strange = Chunk(Header(99, False, new_message_id(), 0, 2), bytes(DOWN_BODY))
    take(intake, [strange, strange])
    assert caplog.messages == ["E23"]
    assert intake.listing().done == (strange.header.report_id,)


@pytest.mark.parametrize(("index", "count"), [(0, 257), (0, 65535), (5, 5), (0, 0)])
def test_an_oversized_or_impossible_message_is_ignored(
    intake: InboxWriter, index: int, count: int
) -> None:
    header = Header(Kind.NOTICE, False, new_message_id(), index, count)
    take(intake, [Chunk(header, bytes(DOWN_BODY))])
    assert intake.listing() == ((header.report_id,), {})


def test_two_messages_of_one_id_do_not_mix(intake: InboxWriter) -> None:
    chunks = message(Kind.LIBRARY, bytes(9000))
    other = Header(Kind.LIBRARY, False, id_of(chunks), 0, 9)
    take(intake, chunks[:1])
    take(intake, [Chunk(other, bytes(DOWN_BODY))])
    take(intake, chunks[1:])
    assert intake.listing().done == (id_of(chunks),)


def test_a_flood_of_messages_does_not_fill_the_card(
    intake: InboxWriter, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(MAX_MESSAGES + 50):
        take(intake, message(Kind.LIBRARY, bytes(9000))[:1])
    assert len(intake.listing().missing) == MAX_MESSAGES
    assert caplog.messages == ["E38"] * 50
    take(intake, message(Kind.MANIFEST, manifest(4)))
    assert epoch(intake) == 4, "what matters more finds room"
    assert len(intake.listing().missing) + len(intake.listing().done) == MAX_MESSAGES
    assert (tmp_path / "inbox.db").stat().st_size < MAX_TOTAL_CHUNKS * 8192


def test_a_flood_of_chunks_does_not_fill_the_card(intake: InboxWriter) -> None:
    for _ in range(10):
        header = Header(Kind.SOUND, False, new_message_id(), 0, 256)
        intake.take(Chunk(header, bytes(DOWN_BODY)), NOW)
    assert len(intake.listing().missing) == MAX_TOTAL_CHUNKS // 256
    words = take(intake, message(Kind.NOTICE, notice()))
    assert id_of(words) in intake.listing().done, "a sound makes room for words"
    assert len(intake.listing().missing) == MAX_TOTAL_CHUNKS // 256 - 1


def test_a_flood_of_refusals_does_not_hide_what_is_good(intake: InboxWriter, inbox: Inbox) -> None:
    take(intake, message(Kind.NOTICE, notice()))
    for _ in range(MAX_MESSAGES + 20):
        intake.take(Chunk(Header(99, False, new_message_id(), 0, 1), bytes(DOWN_BODY)), NOW)
    assert len(intake.listing().done) == MAX_MESSAGES
    assert len(shown(inbox)) == 1


def spoil(path: Path, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(sql, values)
        db.commit()


def test_a_damaged_row_is_set_aside_and_asked_for_again(
    intake: InboxWriter, inbox: Inbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bad = take(intake, message(Kind.NOTICE, notice("a")))
    take(intake, message(Kind.NOTICE, notice("b")))
    intake.close()
    spoil(tmp_path / "inbox.db", "UPDATE chunks SET body = ? WHERE id = ?", b"x", id_of(bad))
    assert shown(inbox) == ["b"]
    assert id_of(bad) not in intake.listing().done
    assert caplog.messages == ["E39"]
    take(intake, bad)
    assert sorted(shown(inbox)) == ["a", "b"]


@pytest.mark.parametrize("content", [b"", b"no database at all" * 999, b"SQLite format 3\0"])
def test_a_damaged_file_is_made_anew(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "inbox.db"
    path.write_bytes(content)
    with closing(InboxWriter(path, AUTHORITY, BUNDLE)) as intake:
        take(intake, message(Kind.NOTICE, notice()))
        assert len(shown(Inbox(path))) == 1


def test_a_file_of_another_form_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "inbox.db"
    spoil(path, "CREATE TABLE something (else_ TEXT)")
    with closing(InboxWriter(path, AUTHORITY, BUNDLE)) as intake:
        take(intake, message(Kind.NOTICE, notice()))
        assert len(shown(Inbox(path))) == 1


def test_a_file_that_is_damaged_while_it_is_open_is_made_anew(
    intake: InboxWriter, inbox: Inbox, tmp_path: Path
) -> None:
    for _ in range(9):
        take(intake, message(Kind.LIBRARY, bytes(9000)))
    path = tmp_path / "inbox.db"
    size = path.stat().st_size
    path.write_bytes(b"\xff" * size)
    chunks = message(Kind.NOTICE, notice())
    for _ in range(3):
        take(intake, chunks)
    assert len(shown(inbox)) == 1


def test_a_card_that_cannot_be_written_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    intake = InboxWriter(tmp_path / "missing" / "inbox.db", AUTHORITY, BUNDLE)
    take(intake, message(Kind.NOTICE, notice()))
    assert intake.listing() == ((), {})
    assert intake.pace() is None
    assert epoch(intake) == 3
    assert set(caplog.messages) == {"E19"}


@pytest.mark.parametrize("content", [None, b"", b"no database" * 999])
def test_a_reader_of_a_bad_file_uses_what_provisioning_gave(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "inbox.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InboxError):
        Inbox(path).notices(PUBLIC, NOW)
    (tmp_path / "manifest.cbor").write_bytes(BUNDLE)
    (tmp_path / "authority.pub").write_bytes(AUTHORITY)
    found = station_manifest(tmp_path / "authority.pub", tmp_path / "manifest.cbor", path)
    assert found.epoch == 3


def test_a_reader_believes_no_message_that_only_the_courier_vouches_for(
    intake: InboxWriter, inbox: Inbox
) -> None:
    take(intake, message(Kind.NOTICE, notice()))
    stranger = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    assert inbox.notices(stranger, NOW) == {}


def test_a_reader_writes_nothing(intake: InboxWriter, inbox: Inbox, tmp_path: Path) -> None:
    take(intake, message(Kind.NOTICE, notice()))
    intake.close()
    before = {path: os.stat(path).st_mtime_ns for path in tmp_path.iterdir()}
    assert shown(inbox)
    assert {path: os.stat(path).st_mtime_ns for path in tmp_path.iterdir()} == before
