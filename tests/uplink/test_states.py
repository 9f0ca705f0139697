"""Everything that can be the matter has a code, a picture and words."""

from pathlib import Path

import pytest

from kiosk.content import status_codes
from uplink.courier.status_file import CourierState, StatusFile, modem_names, read_state
from uplink.link.link_faults import LinkFault
from uplink.modem.answers import Data, Link, ModemStatus, Registration, Sim
from uplink.station.notify.mail import FAILING

GOOD_MODEM = ModemStatus(Link.ANSWERING, Sim.READY, Registration.HOME, Data.ACTIVE)


def test_no_value_is_without_a_state() -> None:
    groups = {"broker": LinkFault, "modem": Link, "sim": Sim, "network": Registration, "data": Data}
    named = {
        status_codes.state_name(group, value) for group, kind in groups.items() for value in kind
    }
    assert named | {"station_silent", FAILING} == set(status_codes.load())


@pytest.mark.parametrize(
    ("modem", "last"),
    [
        (ModemStatus(Link.SILENT), "modem_silent"),
        (ModemStatus(Link.ANSWERING, Sim.PUK_NEEDED), "sim_puk_needed"),
        (ModemStatus(Link.ANSWERING, Sim.READY, Registration.DENIED), "network_denied"),
        (
            ModemStatus(Link.ANSWERING, Sim.READY, Registration.ROAMING, Data.NONE),
            "data_none",
        ),
        (GOOD_MODEM, "data_active"),
    ],
)
def test_a_modem_is_told_up_to_the_first_fault(modem: ModemStatus, last: str) -> None:
    assert modem_names(modem)[-1] == last


def test_codes_name_all_that_is_not_good() -> None:
    good = CourierState(True, 0, 0, 0, LinkFault.NONE, GOOD_MODEM, 300)
    assert good.codes() == ()
    bad = CourierState(False, 9, 3000, 10, LinkFault.TWIN, ModemStatus(Link.ABSENT), 300)
    told = [status_codes.of_code(code) for code in bad.codes()]
    assert told == [status_codes.load()[name] for name in bad.names()]
    assert bad.names() == ["broker_twin", "station_silent", "modem_absent"]


def test_silent_days_go_on_counting_after_a_restart(tmp_path: Path) -> None:
    hour = 3600.0
    for _ in range(2):
        diary = StatusFile(tmp_path / "status.json")
        for _ in range(25):
            diary.slot(True, 0, LinkFault.NONE, None, hour)
    found = read_state(tmp_path / "status.json")
    assert found is not None
    assert found[0].silent_days == 2
    silent = status_codes.load()["station_silent"].code
    assert list(diary.codes) == list(found[0].codes()) == [silent]
    diary.answered()
    diary.slot(True, 0, LinkFault.NONE, None, hour)
    assert diary.codes == ()
