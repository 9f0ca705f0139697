"""What the station tells its kiosks just now: notices with their recordings, and the library."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kiosk.protocol import procedures as library
from kiosk.protocol.message import Kind, decode
from kiosk.protocol.notice import Notice, NoticeSound, decode_hours
from kiosk.protocol.procedures import Procedure
from kiosk.protocol.station_settings import Window
from uplink.station.downlink.queue import ALL, DownQueue, Wanted


@dataclass(frozen=True)
class Reach:
    """How many of the kiosks that are to have a message have it."""

    has: int
    of: int


@dataclass(frozen=True)
class Published:
    """One notice, which may go to several kiosks as a message each; `sounds` by language."""

    notice: Notice
    copies: tuple[Wanted, ...]
    sound_copies: tuple[Wanted, ...]
    sounds: Mapping[str, bytes]
    reach: Reach
    sound_reach: Reach

    @property
    def first(self) -> Wanted:
        """One of its messages; they differ in nothing but the kiosk."""
        return self.copies[0]


def notices(
    queue: DownQueue, key: bytes | None, now: int, kiosks: Collection[str]
) -> list[Published]:
    """All notices that are valid, newest first; `key` is the raw key that signs them."""
    wanted = queue.wanted(now)
    done = arrived(queue)
    copies: dict[tuple[int, bytes], list[Wanted]] = {}
    for item in wanted:
        if item.kind == Kind.NOTICE:
            content = decode(queue.chunks(item), key).content
            copies.setdefault((item.issued, content), []).append(item)
    sounds = [(item, _sound(queue, item, key)) for item in wanted if item.kind == Kind.SOUND]
    newest = sorted(copies.items(), key=lambda entry: entry[0][0], reverse=True)
    return [
        _published(Notice.decode(content), same, sounds, done, kiosks)
        for (_, content), same in newest
    ]


def procedures(queue: DownQueue, key: bytes | None, now: int) -> dict[str, Procedure]:
    """The library that the kiosks are to have; empty when the station has sent none."""
    item = library_message(queue, now)
    return {} if item is None else library.decode(decode(queue.chunks(item), key).content)


def library_message(queue: DownQueue, now: int) -> Wanted | None:
    """The message of the library."""
    return next((item for item in queue.wanted(now) if item.kind == Kind.LIBRARY), None)


@dataclass(frozen=True)
class Loudspeaker:
    """The hours at which notices are played aloud, and their message, None where none was sent."""

    hours: tuple[Window, ...] = ()
    item: Wanted | None = None


def loudspeaker(queue: DownQueue, key: bytes | None, now: int) -> Loudspeaker:
    """What the kiosks are to have."""
    for item in queue.wanted(now):
        if item.kind == Kind.LOUDSPEAKER:
            content = decode(queue.chunks(item), key).content
            return Loudspeaker(decode_hours(content), item)
    return Loudspeaker()


def arrived(queue: DownQueue) -> dict[str, Collection[bytes]]:
    """The ids of the messages that each kiosk has told to have."""
    return {kiosk: heard.health.done for kiosk, heard in queue.heard().items()}


def reach(
    copies: Collection[Wanted], done: Mapping[str, Collection[bytes]], kiosks: Collection[str]
) -> Reach:
    """How far these messages have come; `done` is what has `arrived`."""
    places = [
        (kiosk, item.message_id)
        for item in copies
        for kiosk in (kiosks if item.kiosk == ALL else (item.kiosk,))
    ]
    return Reach(sum(message in done.get(kiosk, ()) for kiosk, message in places), len(places))


def _published(
    notice: Notice,
    copies: list[Wanted],
    sounds: list[tuple[Wanted, NoticeSound]],
    done: Mapping[str, Collection[bytes]],
    kiosks: Collection[str],
) -> Published:
    ids = {item.message_id for item in copies}
    own = [(item, sound) for item, sound in sounds if sound.notice_id in ids]
    return Published(
        notice,
        tuple(copies),
        tuple(item for item, _ in own),
        {sound.language: sound.audio for _, sound in own},
        reach(copies, done, kiosks),
        reach([item for item, _ in own], done, kiosks),
    )


def _sound(queue: DownQueue, item: Wanted, key: bytes | None) -> NoticeSound:
    return NoticeSound.decode(decode(queue.chunks(item), key).content)
