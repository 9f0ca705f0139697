"""The order of things at the station, with a broker and a pause that only take notes."""

import secrets
from pathlib import Path
from queue import SimpleQueue

import pytest

from kiosk.common import schema
from kiosk.protocol.cells import COVER, Chunk, Header, LinkKeys, seal_up
from kiosk.settings.kiosk_list import Kiosk as Listed
from kiosk.settings.kiosk_list import KioskList
from uplink.link.standing_connection import Incoming
from uplink.station.receive.receiver import Links, Receiver
from uplink.station.receive.serving import ANSWER_AFTER_S, serve
from uplink.station.receive.store import Store

MASTER = bytes(range(32))
KIOSK = "5a" * 16


class Notes:
    """The broker's side, and time."""

    def __init__(self) -> None:
        self.noted: list[str] = []

    def post(self, topic: str, cell: bytes) -> bool:
        self.noted.append("answer")
        return True

    def acknowledge(self) -> None:
        self.noted.append("acknowledge")

    def pause(self, seconds: float) -> None:
        assert 0 <= seconds <= ANSWER_AFTER_S
        self.noted.append("pause")


@pytest.mark.parametrize("what", ["report", "cover"])
def test_every_cell_is_answered_after_the_same_pause(tmp_path: Path, what: str) -> None:
    (tmp_path / "kiosks.toml").write_text(schema.dump(KioskList({KIOSK: Listed("a", 1)})))
    report = Chunk(Header(1, False, secrets.token_bytes(16), 0, 1), COVER.body)
    keys = LinkKeys.derive(MASTER, bytes.fromhex(KIOSK), 1)
    cell = seal_up(keys, report if what == "report" else COVER)
    store = Store(f"sqlite:///{tmp_path / 'station.db'}")
    notes = Notes()
    events: SimpleQueue[Incoming | int] = SimpleQueue()
    events.put(Incoming(f"k/{KIOSK}/up", cell, notes.acknowledge))
    events.put(0)
    receiver = Receiver(store, Links(MASTER, tmp_path / "kiosks.toml"))
    serve(receiver, notes, events, notes.pause)  # type: ignore[arg-type]
    assert notes.noted == ["pause", "answer", "acknowledge"]
    store.close()
