"""The device's units: how much each may do, and that systemd, nft and udev understand the files."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.settings.kiosk import Files, Staff
from kiosk.views import staff
from provisioning import modem_profile
from tests.images.device import OVERLAY
from uplink.modem.power import PowerSwitch

pytestmark = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd is not installed"
)
UNITS = OVERLAY / "etc" / "systemd" / "system"
SHUT_IN = sorted(f"{path.parent.stem}" for path in UNITS.glob("*.service.d/10-sandbox.conf"))
SYSTEMS_OWN = Path("/usr/lib/systemd/system")
RULES = sorted((OVERLAY / "etc" / "udev" / "rules.d").glob("*.rules"))
MODEM = f"/data/kiosk/{modem_profile.FOLDER}"
STICK_PROGRAMS = ("carry-on", "update-from")
MOST_EXPOSED = 2.0
WAITS_FOR = {"network.target", "network-online.target", "time-sync.target", "time-set.target"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The overlay on the units of this machine's systemd, with a stand-in for every program."""
    root = tmp_path_factory.mktemp("root")
    shutil.copytree(SYSTEMS_OWN, root / "usr/lib/systemd/system", symlinks=True)
    shutil.copytree(OVERLAY, root, symlinks=True, dirs_exist_ok=True)
    for unit in UNITS.glob("*.service"):
        if not unit.is_symlink():
            for program in re.findall(r"^Exec\w+=-?(/\S+)", unit.read_text(), re.MULTILINE):
                (root / program[1:]).parent.mkdir(parents=True, exist_ok=True)
                (root / program[1:]).touch(0o755)
    return root


def said(*command: str | Path) -> tuple[int, str]:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_whatever_listens_shows_or_carries_is_shut_in() -> None:
    users = {
        path.name
        for path in ours("service")
        if re.search(r"^(User|Restart)=", path.read_text(), re.M)
    }
    assert {"homthu-touch.service", "homthu-phone.service", "homthu-courier.service"} <= users
    assert users <= set(SHUT_IN)


@pytest.mark.parametrize("unit", SHUT_IN)
def test_each_service_is_shut_in(root: Path, unit: str) -> None:
    threshold = f"--threshold={MOST_EXPOSED * 10:.0f}"
    options = ("--offline=true", f"--root={root}", threshold, "--no-pager")
    code, text = said("systemd-analyze", "security", *options, unit)
    assert code == 0, text


def test_systemd_understands_every_unit(root: Path) -> None:
    units = [path.name for pattern in ("service", "path", "timer") for path in ours(pattern)]
    assert said("systemd-analyze", "verify", f"--root={root}", "--man=no", *units) == (0, "")


def ours(kind: str) -> Iterator[Path]:
    return UNITS.glob(f"homthu-*.{kind}")


def test_no_unit_waits_for_a_network_or_the_time() -> None:
    for path in [*ours("service"), *ours("path"), *ours("timer")]:
        ordered = re.findall(r"^(?:After|Requires|Wants|BindsTo)=(.*)", path.read_text(), re.M)
        assert not WAITS_FOR & {name for line in ordered for name in line.split()}, path.name


def test_what_is_enabled_exists_and_every_service_of_ours_is_started_by_something(
    root: Path,
) -> None:
    enabled = list(UNITS.glob("*.wants/*"))
    assert enabled
    for link in enabled:
        target = link.readlink()
        known = (link.parent / target).exists() or target.is_relative_to(SYSTEMS_OWN)
        assert known, link
    started = {link.name for link in enabled}
    pulled = {
        name
        for path in UNITS.glob("homthu-*.*")
        if path.is_file()
        for line in re.findall(r"^Wants=(.*)", path.read_text(), re.M)
        for name in line.split()
    }
    triggered = {f"{Path(name).stem}.service" for name in started if not name.endswith("service")}
    plugged = set(re.findall(r"homthu-\w+@", "".join(rules.read_text() for rules in RULES)))
    assert {path.name for path in ours("service")} <= started | pulled | triggered | {
        f"{template}.service" for template in plugged
    }


def test_the_sandbox_sets_nothing_that_a_unit_sets_too() -> None:
    """A drop-in has the last word."""
    keys = settings(UNITS / "homthu-sandbox.conf") - {"Environment"}
    for unit in SHUT_IN:
        assert not keys & settings(UNITS / unit), unit


def settings(path: Path) -> set[str]:
    return set(re.findall(r"^(\w+)=", path.read_text(), re.M))


@pytest.mark.parametrize(
    "unit",
    ["getty@.service", "autovt@.service", "serial-getty@.service", "debug-shell.service",
     "ctrl-alt-del.target", "swap.target", "systemd-timesyncd.service",
     "NetworkManager-wait-online.service"],
)  # fmt: skip
def test_what_must_not_run_is_masked(unit: str) -> None:
    assert (UNITS / unit).readlink() == Path("/dev/null")


def test_udev_restarts_the_screen_and_nothing_else_for_a_panel() -> None:
    (rules,) = (path.read_text() for path in RULES if "panel" in path.name)
    commands = re.findall(r'RUN\+="([^"]*)"', rules)
    assert commands == ["/usr/bin/systemctl --no-block try-restart homthu-touch.service"]
    labels = set(re.findall(r'LABEL="(\w+)"', rules))
    assert labels == set(re.findall(r'GOTO="(\w+)"', rules))


def test_the_staff_screen_knows_all_that_is_told_of_a_stick() -> None:
    programs = [(OVERLAY / "usr/lib/homthu" / name).read_text() for name in STICK_PROGRAMS]
    told = {word for text in programs for word in re.findall(r"\btell (\w+)", text)}
    assert told == set(staff.STICK) - {""}
    path = Files().stick
    assert all(f"\nstate={path}\n" in text for text in programs)
    folder = path.parent.name
    for unit in ("homthu-carry@.service", "homthu-update@.service"):
        assert re.search(rf"^RuntimeDirectory=.*\b{folder}\b", (UNITS / unit).read_text(), re.M)


def test_the_couriers_wish_for_the_modems_power_reaches_the_kernels_file(tmp_path: Path) -> None:
    wish, named, power = (tmp_path / name for name in ("wish", "named", "power"))
    named.write_text(f"{power}\n")
    program = OVERLAY / "usr/lib/homthu/modem-power"
    told: list[str] = []

    def pass_on(_seconds: float = 0.0) -> None:
        subprocess.run([program, wish, named], check=True)
        told.append(power.read_text())

    PowerSwitch(wish, wait=pass_on).cycle()
    pass_on()
    assert told == ["0\n", "1\n"]
    for nonsense in ("", "2", "1; reboot"):
        wish.write_text(nonsense)
        pass_on()
        assert told[-1] == "1\n"


def test_the_path_that_the_courier_writes_is_the_one_that_is_watched() -> None:
    path = Path(modem_profile.POWER_WISH)
    assert f"PathModified={path}\n" in (UNITS / "homthu-modem-power.path").read_text()
    courier = (UNITS / "homthu-courier.service").read_text()
    assert f"RuntimeDirectory={path.parent.name}\n" in courier
    command = f"ExecStart=/usr/lib/homthu/modem-power {path} {MODEM}/{modem_profile.POWER}\n"
    assert command in (UNITS / "homthu-modem-power.service").read_text()


def test_the_staff_screen_makes_the_file_that_powers_off() -> None:
    command = Staff().power_off
    watched = (UNITS / "homthu-power-off.path").read_text()
    program, file = command.split()
    assert program == "touch"
    assert f"PathExists={file}\n" in watched
    assert Path(file).parent.name == "homthu-touch"
    assert "RuntimeDirectory=homthu-touch\n" in (UNITS / "homthu-touch.service").read_text()
