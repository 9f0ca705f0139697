"""Ten kiosks in an afternoon: by a file or by questions, repeated, interrupted, on a full disk."""

import fcntl
import os
import re
import resource
import signal
import stat
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.device import config
from kiosk.device.outbox import Outbox
from kiosk.settings.courier import load_courier
from kiosk.settings.kiosk_list import load_kiosks
from provisioning import ledger
from provisioning.hall_file import slug
from provisioning.processes import python
from tests.cards import Card
from tests.provisioning.district import STATION, District, toml, tree
from tests.waiting import DEADLINE, wait_until

TEN = tuple(f"Bản {number}" for number in range(1, 11))


def test_ten_kiosks_of_one_file_and_once_more(admitted: District) -> None:
    told = admitted.add(
        *TEN, apn="v-internet", loud_hours=["6-7"], send_hours=["5-22"], budget_mb=50,
        villages=["Bản Nậm Pồ 1"],
    )  # fmt: skip
    assert len(re.findall(r"staff code: \d{6}\b", told)) == 10
    fleet = admitted.fleet()
    assert [row["village"] for row in fleet] == list(TEN)
    assert len({row["kiosk"] for row in fleet}) == 10
    bundle = admitted.kiosks / "nha-van-hoa-ban-7"
    settings = config.load(bundle / "kiosk.toml")
    assert settings.sound.loud_hours == ((6, 7),)
    assert settings.site.villages == (("ban-nam-po-1", "Bản Nậm Pồ 1"),)
    courier = load_courier(bundle / "courier.toml")
    assert (courier.pace.budget_mb, courier.pace.hours) == (50, ((5, 22),))
    assert courier.modem is not None
    assert courier.modem.apn == "v-internet"
    listed = load_kiosks(admitted.kiosks / "station-update" / "kiosks.toml")
    assert [dict(kiosk.villages) for kiosk in listed.values()] == [
        {"ban-nam-po-1": "Bản Nậm Pồ 1"}
    ] * 10
    before = tree(admitted.kiosks)
    assert "staff code" not in admitted.add(*TEN, apn="v-internet")
    changed = {name for name, data in tree(admitted.kiosks).items() if before.get(name) != data}
    assert {Path(name).parts[0] for name in changed} <= {"station-update"}
    assert "staff code" in admitted.add(*TEN, "Bản 11")


def test_one_kiosk_is_asked_for_in_vietnamese(admitted: District) -> None:
    answers = ["Na Cô Sa", "", "vi,hmn,xx", "vi", "", "1024x600", "222,5", "6-99", "6-7, 17-18",
               "HomThu-NaCoSa", "", "123456"]  # fmt: skip
    told = admitted.run("kiosk", "add", admitted.authority, STATION, admitted.kiosks,
                        answers="\n".join([*answers, ""]))  # fmt: skip
    assert told.exit_code == 0, told.output
    assert "Tên bản (village)" in told.stderr
    assert "languages may hold only vi, hmn" in told.stderr
    settings = config.load(admitted.kiosks / "nha-van-hoa-na-co-sa" / "kiosk.toml")
    assert settings.languages == ("vi",)
    assert (settings.size, settings.width_mm) == ((1024, 600), 222.5)
    assert settings.sound.loud_hours == ((6, 7), (17, 18))
    assert (admitted.kiosks / "nha-van-hoa-na-co-sa" / "phone.toml").exists()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "no [[kiosk]]"),
        ("[[kiosk]]\n", "village is missing"),
        ('[[kiosk]]\nvillage = "a"\nhalls = "b"', "did you mean 'hall'"),
        ('[[kiosk]]\nvillage = "a"\nloud_hours = ["6"]', "loud_hours must be like"),
        ('[[kiosk]]\nvillage = "a"\nstaff_pin = "12"', "6 digits"),
        ('[[kiosk]]\nvillage = "a"\nssid = " x"', "1 to 32 bytes"),
        ('[[kiosk]]\nvillage = "a"\n[[kiosk]]\nvillage = "a"', "hall twice"),
        ('[[kiosk]]\nvillage = "a"\nscreen = "80x48"', "screen.width must be from"),
        ('[[kiosk]]\nvillage = "a"\napn = "a b"', "is not an APN"),
        ("[[kiosk]", "not TOML"),
    ],
)
def test_a_wrong_file_is_told_with_its_cure_and_makes_nothing(
    admitted: District, text: str, wanted: str
) -> None:
    file = admitted.folder / "halls.toml"
    file.write_text(text, "utf-8")
    before = tree(admitted.authority)
    told = admitted.run("kiosk", "add", admitted.authority, STATION, admitted.kiosks,
                        "--file", file)  # fmt: skip
    assert told.exit_code == 2
    assert wanted in told.stderr
    assert "Traceback" not in told.output
    assert not admitted.kiosks.exists() or tree(admitted.kiosks) == {}
    assert tree(admitted.authority) == before


def test_a_mistyped_passphrase_and_an_unknown_station_make_nothing(admitted: District) -> None:
    file = admitted.folder / "halls.toml"
    file.write_text(toml({}, ("a",)), "utf-8")
    told = admitted.run("kiosk", "add", admitted.authority, "nowhere", admitted.kiosks,
                        "--file", file)  # fmt: skip
    assert (told.exit_code, STATION in told.stderr) == (2, True)
    admitted.secret.write_text("gõ nhầm rồi đấy")
    told = admitted.run("kiosk", "add", admitted.authority, STATION, admitted.kiosks,
                        "--file", file)  # fmt: skip
    assert (told.exit_code, "wrong passphrase (" in told.stderr) == (2, True)
    assert not admitted.kiosks.exists()


def test_two_commands_never_have_one_authority(admitted: District) -> None:
    file = admitted.folder / "halls.toml"
    file.write_text(toml({}, ("a",)), "utf-8")
    other = os.open(admitted.authority, os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    adding = ("kiosk", "add", admitted.authority, STATION, admitted.kiosks, "--file", file)
    told = admitted.run(*adding)
    assert (told.exit_code, "another command" in told.stderr) == (2, True)
    assert not admitted.kiosks.exists()
    os.close(other)
    admitted.done(*adding)
    admitted.done("revoke", admitted.authority, "Nhà văn hóa a", admitted.kiosks)


def test_a_hall_has_one_kiosk_and_a_lost_bundle_is_replaced(admitted: District) -> None:
    admitted.add("Na Cô Sa")
    (admitted.kiosks / "nha-van-hoa-na-co-sa").rename(admitted.folder / "lost")
    file = admitted.folder / "halls.toml"
    told = admitted.run("kiosk", "add", admitted.authority, STATION, admitted.kiosks,
                        "--file", file)  # fmt: skip
    assert (told.exit_code, "use replace" in told.stderr) == (2, True)


def test_no_private_key_is_told_or_readable_by_others(admitted: District) -> None:
    told = admitted.add("Na Cô Sa", ssid="HomThu-NaCoSa", apn="v-internet")
    told += admitted.done("replace", admitted.authority, "Nhà văn hóa Na Cô Sa", admitted.kiosks)
    unlocked = admitted.unlocked
    secrets = [unlocked.root.private_bytes_raw(), unlocked.sealing.seed]
    assert "PRIVATE KEY" not in told
    for folder in (admitted.authority, admitted.bundle, admitted.kiosks):
        for path in folder.rglob("*"):
            data = path.read_bytes() if path.is_file() else b""
            assert not any(secret in data for secret in secrets)
            if b"PRIVATE KEY" in data or path.name in ("link.key", "row.key", "code.key"):
                assert stat.S_IMODE(path.stat().st_mode) == 0o600
                assert data.hex() not in told
    for folder in (admitted.authority, *admitted.kiosks.iterdir()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def add(district: District, bundles: Path) -> subprocess.Popen[str]:
    """Ten kiosks, in a process of its own."""
    file = district.folder / "halls.toml"
    file.write_text(toml({}, TEN), "utf-8")
    return subprocess.Popen(
        python("provisioning.main", "kiosk", "add", district.authority, STATION, bundles,
               "--file", file, "--passphrase-file", district.secret),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def whole(district: District, bundles: Path) -> int:
    """How many kiosks there are: as many in the ledger as bundles that work, and nothing else."""
    known = {
        slug(kiosk.hall): kiosk.id for kiosk in ledger.station(district.authority, STATION).kiosks
    }
    found = (
        {path.name for path in bundles.iterdir()} - {"station-update"}
        if bundles.exists()
        else set()
    )
    assert found == set(known)
    for name, kiosk_id in known.items():
        settings = config.load(bundles / name / "kiosk.toml")
        assert settings.kiosk_id.hex() == kiosk_id
        Outbox(settings.outbox, settings.row_key.read_bytes()).close()
    return len(known)


def test_ctrl_c_leaves_whole_kiosks_and_the_next_run_makes_the_others(admitted: District) -> None:
    running = add(admitted, admitted.kiosks)
    third = admitted.kiosks / ".nha-van-hoa-ban-3.draft"
    wait_until(lambda: any(third.rglob("tls.key")))
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=DEADLINE)
    assert running.returncode == 130
    assert "Traceback" not in told
    assert 2 <= whole(admitted, admitted.kiosks) < len(TEN)
    admitted.add(*TEN[:4])
    assert whole(admitted, admitted.kiosks) == 4


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Card]:
    card = Card(tmp_path / "card", "40m")
    yield card
    card.pull()


def test_a_full_disk_leaves_whole_kiosks_and_says_so(admitted: District, card: Card) -> None:
    running = add(admitted, card.folder)
    _, told = running.communicate(timeout=DEADLINE)
    assert running.returncode == 2
    assert "Traceback" not in told
    assert "disk cannot be" in told
    assert 0 < whole(admitted, card.folder) < len(TEN)


def test_a_ledger_that_cannot_be_written_makes_no_kiosk(admitted: District) -> None:
    admitted.add(*TEN[:1])
    before = (admitted.authority / ledger.FLEET).read_bytes()
    (admitted.authority / f".{ledger.FLEET}.draft").mkdir()
    running = add(admitted, admitted.kiosks)
    _, told = running.communicate(timeout=DEADLINE)
    assert running.returncode == 2
    assert "disk" in told
    assert (admitted.authority / ledger.FLEET).read_bytes() == before
    assert whole(admitted, admitted.kiosks) == 1


def test_a_bundle_of_the_station_is_whole_or_the_one_before(admitted: District) -> None:
    before = tree(admitted.bundle) | tree(admitted.authority)

    def on_a_small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (700, 700))

    running = subprocess.run(
        python("provisioning.main", "station", admitted.authority, admitted.request,
               admitted.bundle, "--phone", "113", "--passphrase-file", admitted.secret),
        capture_output=True, text=True, preexec_fn=on_a_small_disk,
    )  # fmt: skip
    assert running.returncode == 2, running.stderr
    assert "disk" in running.stderr
    assert tree(admitted.bundle) | tree(admitted.authority) == before
    assert not list(admitted.folder.glob(".*"))


def test_names_become_folders() -> None:
    assert slug("Nhà văn hóa bản Đề Dê Hu 1") == "nha-van-hoa-ban-de-de-hu-1"
    assert tomllib.loads(toml({}, ("a",)))["kiosk"] == [{"village": "a"}]
