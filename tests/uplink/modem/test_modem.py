"""Every answer a modem may give, through a real serial port on a pseudo terminal."""

import os
import pty
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from serial import Serial

from kiosk.settings.courier import ModemSettings
from tests.uplink.pty_modem import NAME, PtyModem, Reply, error, ok
from tests.waiting import DEADLINE, wait_until
from uplink.modem.answers import Data, Link, ModemStatus, Registration, Sim
from uplink.modem.modem import Modem
from uplink.modem.power import PowerSwitch
from uplink.modem.watcher import ModemWatch

SHORT_S = 1.0


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[PtyModem]:
    stick = PtyModem(tmp_path / "by-id")
    yield stick
    stick.unplug()


def settings(stick: PtyModem, **changes: object) -> ModemSettings:
    memory = stick.by_id.parent / "pin-tried"
    given = ModemSettings("usb-*-if02-port0", "", "", 3, memory)
    return replace(given, **changes)  # type: ignore[arg-type]


def polled_again(stick: PtyModem, before: int) -> bool:
    return stick.asked("AT+CGDCONT?") > before


def modem(stick: PtyModem, answer_s: float = DEADLINE, **changes: object) -> Modem:
    return Modem(settings(stick, **changes), answer_s=answer_s, by_id=stick.by_id)


GOOD = ModemStatus(
    Link.ANSWERING, Sim.READY, Registration.HOME, Data.ACTIVE, "Viettel", 3, "internet"
)


def test_a_good_modem_tells_everything(stick: PtyModem) -> None:
    assert modem(stick).poll() == GOOD
    assert modem(stick).poll() == GOOD
    assert modem(stick, port=str(stick.port)).poll() == GOOD


def test_unsolicited_codes_between_are_passed_over(stick: PtyModem) -> None:
    stick.between = (
        b'\r\n+CEREG: 5,"1A2B","01C2D3E4",7\r\n\r\n+CEREG: 3\r\nRING\r\n\r\n+CMTI: "SM",1\r\n'
    )
    assert modem(stick).poll() == GOOD


@pytest.mark.parametrize(
    ("command", "reply", "expected"),
    [
        ("AT+CPIN?", error("+CME ERROR: 10"), {"sim": Sim.MISSING}),
        ("AT+CPIN?", error("+CME ERROR: 11"), {"sim": Sim.PIN_NEEDED}),
        ("AT+CPIN?", error("+CME ERROR: 12"), {"sim": Sim.PUK_NEEDED}),
        ("AT+CPIN?", error("+CME ERROR: 13"), {"sim": Sim.FAILED}),
        ("AT+CPIN?", error("+CME ERROR: 14"), {"sim": Sim.BUSY}),
        ("AT+CPIN?", error("+CME ERROR: SIM not inserted"), {"sim": Sim.MISSING}),
        ("AT+CPIN?", error("+CME ERROR: 9999"), {"sim": Sim.UNKNOWN}),
        ("AT+CPIN?", error(), {"sim": Sim.UNKNOWN}),
        ("AT+CPIN?", ok(), {"sim": Sim.UNKNOWN}),
        ("AT+CPIN?", ok("+CPIN: SIM PUK"), {"sim": Sim.PUK_NEEDED}),
        ("AT+CPIN?", ok("+CPIN: PH-NET PIN"), {"sim": Sim.FAILED}),
    ],
)
def test_a_sim_that_is_not_ready_ends_the_questions(
    stick: PtyModem, command: str, reply: Reply, expected: dict[str, Sim]
) -> None:
    """No SIM, a PIN, a PUK."""
    stick.replies[command] = reply
    assert modem(stick).poll() == ModemStatus(Link.ANSWERING, **expected)  # type: ignore[arg-type]
    assert stick.asked("AT+CSQ") == 0


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ({"AT+CEREG?": ok("+CEREG: 0,5")}, {"registration": Registration.ROAMING}),
        ({"AT+CEREG?": ok("+CEREG: 0,0")}, {}),
        (
            {"AT+CEREG?": ok("+CEREG: 0,3"), "AT+CGREG?": ok("+CGREG: 0,2")},
            {"registration": Registration.DENIED},
        ),
        (
            {"AT+CEREG?": ok("+CEREG: 2,2"), "AT+CGREG?": error("+CME ERROR: 30")},
            {"registration": Registration.SEARCHING},
        ),
        (
            {"AT+CEREG?": error(), "AT+CGREG?": error()},
            {"registration": Registration.UNKNOWN},
        ),
        ({"AT+CGACT?": ok("+CGACT: 1,0", "+CGACT: 4,1")}, {}),
        ({"AT+CGACT?": ok("+CGACT: 1,0")}, {"data": Data.NONE}),
        ({"AT+CGATT?": ok("+CGATT: 0"), "AT+CGACT?": ok()}, {"data": Data.NONE}),
        ({"AT+CGATT?": error("+CME ERROR: 30")}, {"data": Data.UNKNOWN}),
        ({"AT+CGATT?": ok(), "AT+CGACT?": ok("+CGACT: x")}, {"data": Data.UNKNOWN}),
        ({"AT+COPS?": ok("+COPS: 0")}, {"operator": ""}),
        ({"AT+COPS?": ok('+COPS: 0,2,"45204"')}, {"operator": "45204"}),
        ({"AT+COPS?": ok(f'+COPS: 0,0,"\x1b[2J{"x" * 99}",7')}, {"operator": "[2J" + "x" * 29}),
        ({"AT+CSQ": ok("+CSQ: 99,99")}, {"bars": 0}),
        ({"AT+CSQ": ok("+CSQ: 31,0")}, {"bars": 5}),
        ({"AT+CSQ": ok("+CSQ: 1,0")}, {"bars": 0}),
        ({"AT+CSQ": ok("+CSQ: nan")}, {"bars": None}),
        ({"AT+CSQ": b"\xff\xfe\x00\x81\r\n\xc3\r\nOK\r\n"}, {"bars": None}),
        ({"AT+CGDCONT?": ok()}, {"apn": ""}),
        ({"AT+CMEE=1": error(), "ATE0": error()}, {}),
    ],
)
def test_each_answer_is_read_by_itself(
    stick: PtyModem, replies: dict[str, Reply], expected: dict[str, object]
) -> None:
    """Roaming, no data plan, no network."""
    stick.replies = replies
    assert modem(stick).poll() == replace(GOOD, **expected)  # type: ignore[arg-type]


@pytest.mark.parametrize("command", ["ATE0", "AT+CPIN?", "AT+CSQ", "AT+COPS?"])
@pytest.mark.parametrize(
    ("reply", "link"),
    [
        (b"", Link.SILENT),
        (b"\r\n", Link.SILENT),
        (b"\r\n+CSQ: 1", Link.GARBLED),
        (b"\r\nOK", Link.GARBLED),
        (bytes(range(128, 256)) * 3, Link.GARBLED),
        (PtyModem.babble, Link.GARBLED),
        (PtyModem.vanish, Link.VANISHED),
        (lambda stick: (stick.say(b"\r\n+CSQ: 1"), stick.vanish()), Link.VANISHED),
    ],
)
def test_a_bad_end_of_the_answer_is_a_clear_state(
    stick: PtyModem, command: str, reply: Reply, link: Link
) -> None:
    stick.replies[command] = reply
    began = time.monotonic()
    assert modem(stick, SHORT_S).poll().link is link
    assert time.monotonic() - began < DEADLINE
    stick.unplug()
    stick.replies.clear()
    stick.plug_in()
    assert modem(stick).poll() == GOOD


def test_noise_never_raises_and_never_hangs(stick: PtyModem) -> None:
    noise = random.Random(7)
    commands = ("AT+CPIN?", "AT+CEREG?", "AT+CGREG?", "AT+COPS?", "AT+CSQ", "AT+CGDCONT?")
    for _ in range(150):
        start = noise.choice(["", "+CPIN: READY\r\n", "+CSQ: ", "+COPS: 0,0,", "+CEREG: "])
        text = start.encode() + noise.randbytes(noise.randrange(200))
        stick.replies = {noise.choice(commands): text + b"\r\nOK\r\n"}
        assert isinstance(modem(stick).poll(), ModemStatus)


def test_a_missing_a_taken_and_a_false_port(stick: PtyModem, tmp_path: Path) -> None:
    assert modem(stick, port="usb-other-*").poll() == ModemStatus(Link.ABSENT)
    assert modem(stick, port="/dev/homthu-none").poll() == ModemStatus(Link.ABSENT)
    (tmp_path / "file").write_text("not a terminal")
    assert modem(stick, port=str(tmp_path / "file")).poll() == ModemStatus(Link.ABSENT)
    with Serial(str(stick.port), exclusive=True):
        assert modem(stick).poll() == ModemStatus(Link.BUSY)
    assert modem(stick).poll() == GOOD
    stick.unplug()
    assert modem(stick).poll() == ModemStatus(Link.ABSENT)


def test_a_changed_number_does_not_matter(stick: PtyModem) -> None:
    watched = modem(stick)
    assert watched.poll() == GOOD
    before = stick.port
    stick.unplug()
    takes_the_number = pty.openpty()
    stick.plug_in()
    assert (stick.by_id / NAME).resolve() == stick.port != before
    assert watched.poll() == GOOD
    for handle in takes_the_number:
        os.close(handle)


def test_the_right_pin_opens_the_sim_and_serves_again_after_a_reset(stick: PtyModem) -> None:
    stick.pin, stick.unlocked = "1234", False
    watched = modem(stick, pin="1234")
    assert watched.poll() == GOOD
    watched.reset()
    assert not stick.unlocked
    assert watched.poll() == GOOD
    assert stick.asked("AT+CPIN=") == 2
    assert stick.tries_left == 3


def test_a_wrong_pin_is_tried_once_and_never_again(stick: PtyModem) -> None:
    """Three wrong tries would end in a PUK."""
    stick.pin, stick.unlocked = "1234", False
    for _ in range(3):
        restarted = modem(stick, pin="9999")
        for _ in range(3):
            assert restarted.poll().sim is Sim.PIN_REFUSED
    assert stick.tries_left == 2
    assert modem(stick, pin="1234").poll() == GOOD


@pytest.mark.parametrize("reply", [b"", ok(), error(), PtyModem.vanish, b"\r\n+CME"])
def test_whatever_a_pin_is_answered_it_is_tried_once(stick: PtyModem, reply: Reply) -> None:
    stick.pin, stick.unlocked = "1234", False
    stick.replies['AT+CPIN="9999"'] = reply
    modem(stick, SHORT_S, pin="9999").poll()
    stick.unplug()
    stick.plug_in()
    assert modem(stick, pin="9999").poll().sim is Sim.PIN_REFUSED
    assert stick.asked("AT+CPIN=") == 1


@pytest.mark.parametrize("content", [b"", b"half", b"\xff\xfe"])
def test_a_damaged_memory_counts_as_tried(stick: PtyModem, content: bytes) -> None:
    stick.pin, stick.unlocked = "1234", False
    settings(stick).memory.write_bytes(content)
    assert modem(stick, pin="1234").poll().sim is Sim.PIN_REFUSED
    assert stick.asked("AT+CPIN=") == 0


def test_without_a_way_to_remember_no_pin_is_tried(
    stick: PtyModem, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stick.pin, stick.unlocked = "1234", False
    nowhere = tmp_path / "none" / "memory"
    assert modem(stick, pin="1234", memory=nowhere).poll().sim is Sim.PIN_NEEDED
    assert stick.asked("AT+CPIN=") == 0
    assert caplog.messages == ["E52"]


def test_a_puk_is_never_answered(stick: PtyModem) -> None:
    stick.pin, stick.unlocked, stick.tries_left = "1234", False, 0
    assert modem(stick, pin="1234").poll().sim is Sim.PUK_NEEDED
    assert stick.asked("AT+CPIN=") == 0


def test_the_apn_is_set_once(stick: PtyModem) -> None:
    for _ in range(3):
        assert modem(stick, apn="v-internet").poll().apn == "v-internet"
    assert stick.asked("AT+CGDCONT=") == 1


def test_silent_slots_reset_the_modem_ever_more_rarely(stick: PtyModem) -> None:
    watch = ModemWatch(modem(stick), 3)
    watch.start()
    wait_until(lambda: watch.status == GOOD)
    resets = []
    for missed in (1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 0, 1, 2, 3):
        polls = stick.asked("AT+CGDCONT?")
        watch.slot(missed)
        wait_until(partial(polled_again, stick, polls))
        resets.append(stick.asked("AT+CFUN=1,1"))
    watch.stop()
    assert resets == [0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 4]


def test_missed_slots_take_the_power_away_ever_more_rarely(stick: PtyModem, tmp_path: Path) -> None:
    """After three failed slots, then in whole slots ever more rarely."""
    switch = tmp_path / "authorized"
    switch.write_text("1")
    while_off: list[str] = []
    power = PowerSwitch(switch, wait=lambda _: while_off.append(switch.read_text()))
    watch = ModemWatch(modem(stick), 6, power)
    watch.start()
    wait_until(lambda: watch.status == GOOD)
    cuts = []
    for missed in (1, 2, 3, 4, 5, 6, 7, 11, 12, 0, 3):
        polls = stick.asked("AT+CGDCONT?")
        watch.slot(missed)
        wait_until(partial(polled_again, stick, polls))
        cuts.append(len(while_off))
        assert switch.read_text() == "1"
    watch.stop()
    assert cuts == [0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4]
    assert set(while_off) == {"0"}
    assert stick.asked("AT+CFUN=1,1") == 0


def test_a_power_switch_that_is_not_there_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    PowerSwitch(tmp_path / "none" / "value", wait=lambda _: None).cycle()
    assert not (tmp_path / "none").exists()
    assert caplog.messages == ["E51", "E53", "E53"]


def test_what_is_done_to_a_modem_is_logged_apart_from_its_silence(
    stick: PtyModem, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    switch = tmp_path / "authorized"
    PowerSwitch(switch, wait=lambda _: None).cycle()
    modem(stick).reset()
    assert caplog.messages == ["E51", "E50"]
    caplog.clear()
    absent = Modem(settings(stick, port="none*"), by_id=tmp_path)
    absent.poll()
    absent.reset()
    assert caplog.messages == ["E17", "E50", "E17"]
