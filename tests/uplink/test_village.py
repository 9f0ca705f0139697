"""Reports through real processes: courier, Mosquitto, station, SQLite."""

import signal
import sqlite3

from kiosk.protocol.cells import CELL
from tests.uplink.traffic import arrived, put, sent
from tests.uplink.village import SERVER_NAME, Authority, Village, Wiretap
from tests.waiting import wait_until


def test_a_report_arrives_once_and_frees_its_row(village: Village) -> None:
    outbox = village.add_kiosk("kiosk")
    village.start_broker()
    village.start_station()
    village.start_courier("kiosk")
    put(outbox, village, 3)
    wait_until(lambda: outbox.counts().real == 0)
    assert arrived(village) == sent(3)
    assert village.terminate("kiosk") == 0
    assert village.terminate("station") == 0
    assert outbox.counts().free == 128


def test_a_killed_and_restarted_broker_loses_nothing(village: Village) -> None:
    outbox = village.add_kiosk("kiosk")
    village.start_broker()
    village.start_station()
    village.start_courier("kiosk")
    put(outbox, village, 30)
    wait_until(lambda: outbox.counts().real < 25)
    village.kill("broker")
    assert outbox.counts().real > 0
    village.start_broker()
    wait_until(lambda: outbox.counts().real == 0)
    assert arrived(village) == sent(30)


def test_a_broker_that_falls_silent_is_left_and_the_report_goes_again(village: Village) -> None:
    """It takes the cell and dies before it says so."""
    outbox = village.add_kiosk("kiosk")
    village.start_broker()
    village.start_station()
    village.start_courier("kiosk")
    put(outbox, village, 1)
    wait_until(lambda: outbox.counts().real == 0)
    village.processes["broker"].send_signal(signal.SIGSTOP)
    put(outbox, village, 1, "late")
    wait_until(lambda: "E11" in (village.folder / "kiosk.log").read_text())
    village.kill("broker")
    village.start_broker()
    wait_until(lambda: outbox.counts().real == 0)
    assert arrived(village) == ["late:0", "m:0"]


def test_reports_wait_for_a_broker_that_is_down_at_start(village: Village) -> None:
    outbox = village.add_kiosk("kiosk")
    village.start_station()
    village.start_courier("kiosk")
    put(outbox, village, 2)
    rewritten = outbox.waiting()
    wait_until(lambda: "E11" in (village.folder / "kiosk.log").read_text())
    assert village.processes["kiosk"].poll() is None
    assert outbox.waiting() == rewritten
    village.start_broker()
    wait_until(lambda: outbox.counts().real == 0)
    assert arrived(village) == sent(2)


def test_a_broker_of_another_authority_gets_nothing(village: Village) -> None:
    outbox = village.add_kiosk("kiosk")
    Authority().issue(village.folder / "broker", SERVER_NAME)
    village.make_broker_welcome_anybody()
    village.start_broker()
    village.start_courier("kiosk")
    put(outbox, village, 2)
    wait_until(lambda: (village.folder / "kiosk.log").read_text().count("E11") >= 2)
    assert village.kiosks["kiosk"] not in (village.folder / "broker.log").read_text()
    assert outbox.counts().real == 2


def test_a_broker_of_another_name_gets_nothing(village: Village) -> None:
    outbox = village.add_kiosk("kiosk")
    village.authority.issue(village.folder / "broker", "elsewhere.test")
    village.start_broker()
    village.start_courier("kiosk")
    put(outbox, village, 1)
    wait_until(lambda: (village.folder / "kiosk.log").read_text().count("E11") >= 2)
    assert village.kiosks["kiosk"] not in (village.folder / "broker.log").read_text()
    assert outbox.counts().real == 1


def test_a_kiosk_added_while_the_station_runs_is_served(village: Village) -> None:
    village.start_broker()
    village.start_station()
    first = village.add_kiosk("first")
    village.start_courier("first")
    put(first, village, 1, "first")
    wait_until(lambda: first.counts().real == 0)
    second = village.add_kiosk("second")
    village.start_courier("second")
    put(second, village, 1, "second")
    wait_until(lambda: second.counts().real == 0)
    assert arrived(village) == ["first:0", "second:0"]


def test_every_cell_on_the_wire_has_one_size(village: Village) -> None:
    outbox = village.add_kiosk("kiosk")
    village.start_broker()
    seen = Wiretap(village)
    village.start_station()
    village.start_courier("kiosk")
    wait_until(lambda: seen.count() >= 10)
    put(outbox, village, 5)
    wait_until(lambda: outbox.counts().real == 0)
    wait_until(lambda: seen.count() >= 40)
    seen.stop()
    assert {direction for direction, _ in seen.cells} == {"up", "down"}
    assert {len(cell) for _, cell in seen.cells} == {CELL}
    assert len({cell for _, cell in seen.cells}) == len(seen.cells)


def test_nothing_is_answered_while_the_database_fails(village: Village) -> None:
    outbox = village.add_kiosk("kiosk")
    village.start_broker()
    village.start_station()
    database = village.station / "station.db"
    wait_until(database.exists)
    village.start_courier("kiosk")
    put(outbox, village, 1, "first")
    wait_until(lambda: outbox.counts().real == 0)
    lock = sqlite3.connect(database, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    put(outbox, village, 1, "second")
    wait_until(lambda: (village.folder / "station.log").read_text().count("E14") >= 2)
    assert outbox.counts().real == 1
    lock.execute("ROLLBACK")
    wait_until(lambda: outbox.counts().real == 0)
    assert arrived(village) == ["first:0", "second:0"]
