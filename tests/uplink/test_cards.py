"""The courier on a card that fails: cells go on, and what can be read is delivered."""

from pathlib import Path

from kiosk.device.outbox import Outbox
from tests.cards import Card
from tests.toml_files import edit
from tests.uplink.village import Village, icon_chunks, make_report
from tests.waiting import wait_until


def use(village: Village, *outboxes: Path) -> None:
    """Name the outboxes of the kiosk in courier.toml."""
    config = village.folder / "kiosk" / "courier.toml"
    edit(config, {"outboxes": [str(path) for path in outboxes]})


def file_one(village: Village, outbox: Outbox) -> None:
    outbox.put(icon_chunks(make_report(), village.report_key.public))
    outbox.close()


def log_of(village: Village) -> str:
    return (village.folder / "kiosk.log").read_text()


def test_a_report_on_a_read_only_card_is_delivered(village: Village, tmp_path: Path) -> None:
    card = Card(tmp_path / "card")
    try:
        village.add_kiosk("kiosk").close()
        row_key = (village.folder / "kiosk" / "row.key").read_bytes()
        path = card.folder / "touch.db"
        Outbox.create(path, row_key, 64)
        file_one(village, Outbox(path, row_key))
        card.make_read_only()
        use(village, path)
        village.start_broker()
        village.start_station()
        village.start_courier("kiosk")
        wait_until(lambda: len(village.inbox()) == 1)
        assert "E20" in log_of(village)
        card.make_writable()
        wait_until(lambda: Outbox(path, row_key).counts().real == 0)
        assert len(village.inbox()) == 1
    finally:
        village.stop()
        card.pull()


def test_an_outbox_that_does_not_open_holds_up_nobody_else(village: Village) -> None:
    outbox = village.add_kiosk("kiosk")
    folder = village.folder / "kiosk"
    phone = folder / "phone.db"
    use(village, phone, folder / "touch.db")
    phone.write_bytes(b"\xa5" * 100_000)
    village.start_broker()
    village.start_station()
    village.start_courier("kiosk")
    file_one(village, outbox)
    wait_until(lambda: len(village.inbox()) == 1)
    assert "E20" in log_of(village)

    phone.unlink()
    row_key = (folder / "row.key").read_bytes()
    Outbox.create(phone, row_key, 64)
    file_one(village, Outbox(phone, row_key))
    wait_until(lambda: len(village.inbox()) == 2)
