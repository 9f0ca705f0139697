"""Makes messages for the kiosks, signs them where the kind asks for it, and queues them."""

import time
from collections.abc import Collection, Iterator

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.common.errors import StationError
from kiosk.protocol.message import Kind, Message, decode, encode, new_message_id
from kiosk.protocol.notice import NoticeSound, encode_withdrawal
from kiosk.protocol.sealing import Manifest, read_manifest
from kiosk.settings.kiosk_list import load_kiosks
from kiosk.settings.station import StationSettings
from uplink.station.database.tables import MAX_NOTE
from uplink.station.downlink.queue import ALL, DownQueue, Wanted
from uplink.station.keys import AUTHORITY

DAY_S = 86_400
LASTING_DAYS = 3650
ANSWER_DAYS = 30
_TAKEN_BACK = frozenset({Kind.ANSWER, Kind.NOTICE, Kind.SOUND, Kind.LIBRARY})


class Sender:
    """Fills `queue` for one station. `key` is always the station's notice key.

    Kiosks are named by topic id or by the name in kiosks.toml, ALL is every one. Raises
    StationError for an unknown kiosk or a database that fails, and MessageError for what does not
    fit into a message.
    """

    def __init__(self, settings: StationSettings, queue: DownQueue) -> None:
        self._settings = settings
        self._queue = queue

    def send_manifest(self, signed: bytes) -> Manifest:
        """Send the manifest to every kiosk; SealError unless our authority has signed it."""
        manifest = read_manifest(signed, self._authority())
        note = f"{manifest.station_name}, {manifest.epoch}"
        self._queue_up(Kind.MANIFEST, signed, ALL, LASTING_DAYS, note, None)
        return manifest

    def send(
        self, kind: Kind, content: bytes, kiosk: str, days: int, note: str, key: Ed25519PrivateKey
    ) -> bytes:
        """Send a signed message that is valid for so many days; its id. `note` is for lists."""
        return self._queue_up(kind, content, kiosk, days, note, key)

    def send_sound(self, sound: NoticeSound, key: Ed25519PrivateKey) -> bytes:
        """Send a recording wherever its notice goes, and as long; its id.

        Raises StationError when there is no such notice.
        """
        notice = self._wanted(sound.notice_id, (Kind.NOTICE,))
        days = _days(notice.valid_until - int(time.time()))
        content = sound.encode()
        return self._queue_up(Kind.SOUND, content, notice.kiosk, days, notice.note, key)

    def answer(self, content: bytes, kiosk: str) -> bytes:
        """Send a sealed answer; its id. The queue does not know what it answers."""
        return self._queue_up(Kind.ANSWER, content, kiosk, ANSWER_DAYS, "", None)

    def withdraw(self, message_id: bytes, key: Ed25519PrivateKey) -> None:
        """Send a message no longer, and have it taken away where it already is.

        The recordings of a notice go with it.
        """
        old = self._wanted(message_id, _TAKEN_BACK)
        days = _days(old.valid_until - int(time.time()))
        gone = [message_id, *self._sounds_of(message_id, key)]
        self._queue_up(Kind.WITHDRAWAL, encode_withdrawal(gone), old.kiosk, days, old.note, key)
        self._queue.remove(gone)

    def _sounds_of(self, notice_id: bytes, key: Ed25519PrivateKey) -> Iterator[bytes]:
        public = key.public_key().public_bytes_raw()
        for wanted in self._queue.wanted(int(time.time())):
            if wanted.kind == Kind.SOUND:
                message = decode(self._queue.chunks(wanted), public)
                if NoticeSound.decode(message.content).notice_id == notice_id:
                    yield wanted.message_id

    def _wanted(self, message_id: bytes, kinds: Collection[int]) -> Wanted:
        for wanted in self._queue.wanted(int(time.time())):
            if wanted.message_id == message_id and wanted.kind in kinds:
                return wanted
        raise StationError("không có tin này / no such message", "homthu-station send list")

    def _queue_up(
        self,
        kind: Kind,
        content: bytes,
        kiosk: str,
        days: int,
        note: str,
        key: Ed25519PrivateKey | None,
    ) -> bytes:
        topic = self._topic_of(kiosk)
        now = int(time.time())
        message = Message(kind, new_message_id(), now, now + days * DAY_S, content)
        chunks = encode(message, key)
        wanted = Wanted(
            message.message_id, topic, kind, len(chunks), now, message.valid_until, note[:MAX_NOTE]
        )
        self._queue.add(chunks, wanted)
        return message.message_id

    def _topic_of(self, kiosk: str) -> str:
        if kiosk == ALL:
            return ALL
        kiosks = load_kiosks(self._settings.kiosks)
        found = [topic for topic, entry in kiosks.items() if kiosk in (topic, entry.name)]
        if len(found) != 1:
            raise StationError(
                "không rõ kiosk nào / no kiosk, or more than one, is called that",
                "xem homthu-station health / look at homthu-station health",
            )
        return found[0]

    def _authority(self) -> bytes:
        try:
            return (self._settings.folder / AUTHORITY).read_bytes()
        except OSError as error:
            raise StationError(
                f"không đọc được {AUTHORITY} / {AUTHORITY} cannot be read",
                "chép từ kiosk hoặc bản sao lưu / copy it from a kiosk or the backup",
            ) from error


def _days(seconds: int) -> int:
    """Whole days, rounded up."""
    return -(-seconds // DAY_S)
