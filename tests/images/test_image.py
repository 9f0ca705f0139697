"""`make image-test`: the whole image, started as a card starts it, in an emulated machine.

What is seen is the panel, what is touched is the panel, what arrives is at a real station outside.
"""

import json
import subprocess
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from images import boot, bundle
from kiosk.device import config as configs
from tests.images import inside
from tests.images.card import Card, stick
from tests.images.glass import PanelGlass, shows
from tests.images.guest import DEADLINE, add_arguments, add_units
from tests.images.hall import Hall
from tests.images.machine import Machine
from tests.images.qemu import ROOT
from tests.waiting import wait_until
from ui.touch.layout.geometry import Panel
from ui.touch.visit_driver import Walker

pytestmark = pytest.mark.image

IMAGE = ROOT / "build" / "image"
EXPECTED = tomllib.loads((Path(__file__).parent / "inside.toml").read_text("utf-8"))
UP_S = 900.0
ARRIVAL_S = 300.0
CUTS = 10
CHECKSUM = 4
"""Bytes before the variables of an environment."""

REPORT = ("hmn", "border", ["people_led", "armed_yes", "forest", "last_night", "few"])
LAST = ["nothing_more", "danger_yes"]


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    hall = Hall(tmp_path_factory.mktemp("hall"))
    with hall.open():
        yield hall


@pytest.fixture
def card(hall: Hall, tmp_path: Path) -> Card:
    return hall.card(IMAGE / "homthu.img", tmp_path / "card.img")


@pytest.fixture
def machine(card: Card, tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path, card.path)
    yield machine
    machine.pull_the_plug()


def walker(hall: Hall, machine: Machine) -> Walker:
    config = configs.load(hall.kiosk / "kiosk.toml")
    glass = PanelGlass(machine, Panel(*config.size, config.width_mm))
    return Walker(config, machine.folder / "screens", glass)


def wait_for_the_start_screen(hall: Hall, machine: Machine) -> float:
    def drawn() -> bool:
        return shows(machine, hall.start_screen)

    return wait_until(drawn, UP_S, "the start screen does not come")


def test_a_report_goes_from_the_panel_to_the_station(hall: Hall, machine: Machine) -> None:
    before = len(hall.reports())
    machine.start()
    wait_for_the_start_screen(hall, machine)
    language, box, choices = REPORT
    walker(hall, machine).walk(language, box, [*choices, *LAST])
    wait_until(lambda: len(hall.reports()) == before + 1, ARRIVAL_S, "the report does not arrive")
    assert hall.reports()[-1]["box"] == box


def test_what_was_kept_survives_ten_power_cuts(hall: Hall, machine: Machine) -> None:
    before = len(hall.reports())
    for cut in range(CUTS):
        machine.start()
        wait_for_the_start_screen(hall, machine)
        language, box, choices = REPORT
        walker(hall, machine).file(language, box, [*choices, *LAST])
        time.sleep(cut / CUTS)
        machine.pull_the_plug()
    machine.start()
    wait_until(
        lambda: len(hall.reports()) == before + CUTS, UP_S + ARRIVAL_S, "a kept report is lost"
    )


def test_a_panel_pulled_and_put_back_works(hall: Hall, machine: Machine) -> None:
    machine.start()
    wait_for_the_start_screen(hall, machine)
    machine.unplug_panel()
    machine.plug_panel()
    wait_until(
        lambda: not shows(machine, hall.start_screen), UP_S, "the screen does not begin again"
    )
    wait_for_the_start_screen(hall, machine)
    language, _, _ = REPORT
    walker(hall, machine).begin(language)


def test_inside_it_is_exactly_what_was_meant(card: Card, machine: Machine) -> None:
    inside.slip_in(card)
    machine.start()
    told = inside.told(machine, UP_S)
    assert sorted({line.split()[4] for line in told["ports"]}) == EXPECTED["ports"]
    assert sorted(line.split()[0] for line in told["units"]) == EXPECTED["units"]
    assert told["failed"] == []
    wanted = [part.replace("${slot}", "A") for part in boot.kernel_arguments(*_root_hash())]
    assert told["cmdline"][0].split() == wanted
    assert "BOOT_A_LEFT=3" in told["good"]
    assert int(told["space"][-1]) > 2000


def test_in_its_root_is_exactly_what_was_meant(card: Card) -> None:
    passwd = inside.files_of_root(card, "etc/passwd")["etc/passwd"].splitlines()
    listing = inside.listing_of_root(card)
    assert sorted(line.split(":")[0] for line in passwd) == EXPECTED["users"]
    files = [(mode, path) for mode, path in listing if mode[0] == "-"]
    assert sorted(path for mode, path in files if "s" in mode) == EXPECTED["set_uid"]
    assert [path for mode, path in files if mode[8] == "w"] == []


def test_a_flipped_bit_sends_it_to_the_other_slot(hall: Hall, card: Card, machine: Machine) -> None:
    card.flip_bit("root_a", 0)
    machine.start()
    wait_for_the_start_screen(hall, machine)
    assert _counts(card)["BOOT_A_LEFT"] == "0"


def test_a_signed_update_on_a_stick_takes_over(
    hall: Hall, card: Card, machine: Machine, tmp_path: Path
) -> None:
    machine.start()
    wait_for_the_start_screen(hall, machine)
    wait_until(lambda: _counts(card)["BOOT_A_LEFT"] == "3", UP_S, "slot A is not called good")
    bundle.signer(hall.authority, tmp_path / "signer")
    update = tmp_path / "homthu-2099.1.0.raucb"
    bundle.make(IMAGE, tmp_path / "signer", update, version="2099.1.0")
    machine.plug_stick(stick(tmp_path / "stick.img", update))
    wait_until(lambda: _counts(card)["BOOT_ORDER"].startswith("B"), UP_S, "nothing is installed")
    machine.unplug_stick()
    wait_until(lambda: _counts(card)["BOOT_B_LEFT"] == "2", UP_S, "it does not start again")
    wait_until(lambda: _counts(card)["BOOT_B_LEFT"] == "3", UP_S, "slot B is not called good")


def test_an_update_that_shows_nothing_gives_way(hall: Hall, card: Card, machine: Machine) -> None:
    """Slot B starts, but draws no screen: after its last attempt the old slot is back."""
    add_arguments(card, "systemd.mask=homthu-touch.service", slots=("boot_b",))
    add_units(card, {DEADLINE: ""}, slots=("boot_b",))
    counts = "BOOT_ORDER=B A\nBOOT_A_LEFT=3\nBOOT_B_LEFT=1\n"
    card.put("bootsel", "slots.env", boot.variables(counts))
    machine.start()
    wait_until(lambda: _counts(card)["BOOT_B_LEFT"] == "0", UP_S, "slot B is not tried")
    wait_for_the_start_screen(hall, machine)
    assert _counts(card)["BOOT_A_LEFT"] in ("2", "3")


def _root_hash() -> tuple[str, int]:
    verity = json.loads((IMAGE / "image.json").read_text("utf-8"))["verity"]
    return verity["root_hash"], verity["hash_offset"]


def _counts(card: Card) -> dict[str, str]:
    """What U-Boot has counted; before it has written anything, nothing was tried."""
    try:
        text = card.get("bootsel", "slots.env")[CHECKSUM:].split(b"\0\0")[0].decode()
    except subprocess.CalledProcessError:
        text = "BOOT_ORDER=A B\0BOOT_A_LEFT=\0BOOT_B_LEFT="
    return dict(line.split("=") for line in text.split("\0"))
