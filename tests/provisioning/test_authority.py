"""The authority: made by a ceremony, backed up and restored, and honest about clocks."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.common.errors import ProvisioningError
from provisioning import authority, certificates, ledger
from provisioning.main import main
from tests.provisioning.district import SECRET, STATION, District, tree

BATTERY_DEAD = datetime(1970, 1, 1, 0, 7, tzinfo=UTC)
NEXT_CENTURY = datetime(2126, 1, 1, tzinfo=UTC)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(SECRET + "\n")
    return path


@pytest.mark.fresh
def test_init_shows_the_ceremony_and_makes_two_proven_copies(tmp_path: Path, secret: Path) -> None:
    copies = [tmp_path / "one.backup", tmp_path / "two.backup"]
    told = CliRunner().invoke(
        main,
        ["init", str(tmp_path / "authority"), "--name", "Huyện", "--passphrase-file", str(secret)],
        input=f"{copies[0]}\n{copies[1]}\n",
    )
    assert told.exit_code == 0, told.output
    assert "Hai người cùng làm" in told.stderr
    assert told.output.count("restored on trial, all the same") == 2
    assert [stat.S_IMODE(copy.stat().st_mode) for copy in copies] == [0o600, 0o600]
    assert stat.S_IMODE((tmp_path / "authority").stat().st_mode) == 0o700


def test_without_its_stick_nothing_is_made(tmp_path: Path, secret: Path) -> None:
    told = CliRunner().invoke(
        main,
        ["init", str(tmp_path / "authority"), "--name", "Huyện", "--passphrase-file", str(secret),
         "--backup", str(tmp_path / "stick" / "a.backup")],
    )  # fmt: skip
    assert (told.exit_code, "put the stick in" in told.stderr) == (2, True)
    assert not (tmp_path / "authority").exists()


@pytest.mark.fresh
def test_what_was_lost_comes_back_from_the_backup_and_goes_on(admitted: District) -> None:
    admitted.add("Na Cô Sa")
    copy = admitted.folder / "stick.backup"
    admitted.done("backup", admitted.authority, copy)
    before = tree(admitted.authority)
    admitted.authority.rename(admitted.folder / "burnt")
    admitted.done("restore", copy, admitted.authority)
    assert tree(admitted.authority) == before
    admitted.add("Na Cô Sa", "Nậm Pồ")
    assert len(admitted.fleet()) == 2


def test_a_restore_never_replaces_an_authority(district: District) -> None:
    copy = district.folder / "stick.backup"
    district.done("backup", district.authority, copy)
    before = tree(district.authority)
    told = district.run("restore", copy, district.authority)
    assert (told.exit_code, "not empty" in told.stderr) == (2, True)
    assert tree(district.authority) == before


@pytest.mark.parametrize("harm", ["half", "one bit", "another passphrase", "a station's"])
def test_what_is_no_whole_backup_leaves_nothing(district: District, harm: str) -> None:
    copy = district.folder / "stick.backup"
    district.done("backup", district.authority, copy)
    data = bytearray(copy.read_bytes())
    if harm == "half":
        del data[len(data) // 2 :]
    elif harm == "one bit":
        data[-1] ^= 1
    elif harm == "another passphrase":
        district.secret.write_text("một mật khẩu khác hẳn")
    else:
        (district.folder / "photo").write_bytes(data)
        data = bytearray(b"photo")
    copy.write_bytes(data)
    told = district.run("restore", copy, district.folder / "new")
    assert told.exit_code == 2
    assert "bản sao lưu" in told.stderr
    assert not list(district.folder.glob("*new*"))


def test_a_backup_cannot_be_made_with_a_mistyped_passphrase_or_inside(district: District) -> None:
    inside = district.run("backup", district.authority, district.authority / "copy")
    assert (inside.exit_code, "another disk" in inside.stderr) == (2, True)
    district.secret.write_text("gõ nhầm rồi đấy")
    told = district.run("backup", district.authority, district.folder / "copy")
    assert (told.exit_code, "wrong passphrase (" in told.stderr) == (2, True)
    assert not (district.folder / "copy").exists()


def test_a_clock_without_a_battery_dates_nothing(tmp_path: Path, district: District) -> None:
    no_date = pytest.raises(ProvisioningError, match=r"01/01/1970.*set the clock")
    with no_date:
        authority.create(tmp_path / "new", "x", SECRET, BATTERY_DEAD)
    with no_date:
        authority.unlock(district.authority, SECRET, BATTERY_DEAD)
    assert not (tmp_path / "new").exists()


def test_an_authority_that_has_ended_says_so_and_thinks_of_the_clock(district: District) -> None:
    with pytest.raises(ProvisioningError, match=r"hết hạn ngày.*set the clock"):
        authority.unlock(district.authority, SECRET, NEXT_CENTURY)


def test_no_certificate_begins_later_than_any_clock_nor_outlives_its_authority(
    admitted: District,
) -> None:
    """A broker that wakes in 1970 lets everybody in; a laptop one year ahead harms nobody."""
    late = authority.unlock(
        admitted.authority, SECRET, datetime.now(UTC) + timedelta(days=30 * 365)
    )
    key = certificates.new_key().public_key()
    made = certificates.client(late.ca_key, late.ca, "x", key, late.now)
    assert (
        made.not_valid_before_utc
        == late.ca.not_valid_before_utc
        == datetime(1970, 1, 1, tzinfo=UTC)
    )
    assert made.not_valid_after_utc == late.ca.not_valid_after_utc
    soon = admitted.unlocked
    made = certificates.client(soon.ca_key, soon.ca, "x", key, soon.now)
    assert made.not_valid_after_utc - soon.now > timedelta(days=19 * 365)


def test_a_damaged_ledger_is_told_and_not_overwritten(admitted: District) -> None:
    fleet = admitted.authority / ledger.FLEET
    fleet.write_text(fleet.read_text()[:100])
    told = admitted.run("revoke", admitted.authority, STATION, admitted.kiosks)
    assert (told.exit_code, "restore it from the backup" in told.stderr) == (2, True)
    assert len(fleet.read_text()) == 100


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProvisioningError, match="too short"):
        authority.create(tmp_path / "a", "x", "ngắn")
