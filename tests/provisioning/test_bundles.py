"""The authority, its stations and kiosks: what is written, and who may read it."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.common.errors import ProvisioningError
from kiosk.content import voice_pack
from kiosk.device import config
from kiosk.device.outbox import TOUCH_ROWS, Outbox
from kiosk.protocol.sealing import read_manifest
from provisioning import authority, demo, hall_file, kiosk, station
from provisioning.hall import Hall
from provisioning.main import main
from provisioning.station import StationPlace
from tests.audio.packs import HMONG, draft
from tests.provisioning.plan import PLAN

SECRETS = ("authority.keys", "code.key", "fleet.json", "link.key", "row.key", "tls.key",
           "broker.key", "link.master", "report-1.key", "passphrase")  # fmt: skip


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> demo.Village:
    return demo.provision(tmp_path_factory.mktemp("village"), PLAN)


@pytest.fixture
def root(village: demo.Village) -> authority.Authority:
    return authority.unlock(village.folder / "authority", demo.PASSPHRASE)


def test_every_private_file_is_for_its_owner_alone(village: demo.Village) -> None:
    private = [p for p in village.folder.rglob("*") if p.name in SECRETS]
    assert {p.name for p in private} == set(SECRETS)
    assert {stat.S_IMODE(p.stat().st_mode) for p in private} == {0o600}


def test_the_authoritys_keys_are_not_on_disk_in_clear(
    village: demo.Village, root: authority.Authority
) -> None:
    for secret in (root.root.private_bytes_raw(), root.sealing.seed):
        for path in village.folder.rglob("*"):
            assert not path.is_file() or secret not in path.read_bytes()


def test_a_kiosk_holds_nothing_that_opens_a_report_or_makes_a_kiosk(village: demo.Village) -> None:
    found = {str(p.relative_to(village.kiosk)) for p in village.kiosk.rglob("*")}
    assert found == {
        "authority.pub", "brokers.nft", "courier.toml", "kiosk.toml", "manifest.cbor", "row.key",
        "courier", "courier/ca.pem", "courier/link.key", "courier/tls.key", "courier/tls.pem",
        "inbox", "screen", "screen/code.key", "touch", "touch/touch.db", "updates.pem",
    }  # fmt: skip


def test_the_kiosks_files_fit_together(village: demo.Village) -> None:
    settings = config.load(village.kiosk / "kiosk.toml")
    assert settings.size == (1024, 600)
    assert settings.site.hall == "Nhà văn hóa bản Na Cô Sa 3"
    manifest = read_manifest(settings.manifest.read_bytes(), settings.authority.read_bytes())
    assert manifest.station_name == demo.STATION
    outbox = Outbox(settings.outbox, settings.row_key.read_bytes())
    assert outbox.counts().free == TOUCH_ROWS
    outbox.close()


def test_a_kiosk_writes_hmong_as_it_was_told(root: authority.Authority, tmp_path: Path) -> None:
    hall = Hall("x", hmong_script="vn1961")
    kiosk.add(root, demo.STATION, hall, tmp_path / "kiosk")
    assert config.load(tmp_path / "kiosk" / "kiosk.toml").hmong_script == "vn1961"


def test_nothing_is_overwritten(village: demo.Village, root: authority.Authority) -> None:
    keys = (village.folder / "authority" / authority.KEYS).read_bytes()
    with pytest.raises(ProvisioningError, match="already"):
        authority.create(village.folder / "authority", "x", "other words")
    with pytest.raises(ProvisioningError, match="not empty"):
        kiosk.add(root, demo.STATION, Hall("y"), village.kiosk)
    assert (village.folder / "authority" / authority.KEYS).read_bytes() == keys


def test_wrong_passphrase_unknown_station_and_false_request_are_refused(
    village: demo.Village, root: authority.Authority, tmp_path: Path
) -> None:
    with pytest.raises(ProvisioningError, match="passphrase"):
        authority.unlock(village.folder / "authority", "wrong")
    with pytest.raises(ProvisioningError, match=demo.STATION):
        kiosk.add(root, "nowhere", Hall("z"), tmp_path / "k")
    false = tmp_path / "request.json"
    for text in (
        "",
        "{}",
        json.dumps({"name": "x", "report_key": "eA==", "csr": "", "link_master": ""}),
    ):
        false.write_text(text)
        with pytest.raises(ProvisioningError, match="request"):
            station.admit(root, false, StationPlace("", ("a:1",), "a:1"), tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_voice_packs_are_signed_by_the_authority_and_go_onto_the_card(
    village: demo.Village, root: authority.Authority, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(demo.PASSPHRASE)
    folder = str(village.folder / "authority")
    options = ["--passphrase-file", str(secret)]
    pack = draft(tmp_path / "seo", HMONG[1:3])
    hall = tmp_path / "hall.toml"
    hall.write_text(hall_file.dump([hall_file.Description(village="k", hall="k")]), "utf-8")
    add = ["kiosk", "add", folder, demo.STATION, str(tmp_path), "--file", str(hall), *options]
    before = (village.folder / "authority" / "fleet.json").read_bytes()
    refused = CliRunner().invoke(main, [*add, "--voices", str(pack)])
    assert refused.exit_code == 2
    assert "chữ ký" in refused.output
    assert not (tmp_path / "k").exists() or not list((tmp_path / "k").iterdir())
    assert (village.folder / "authority" / "fleet.json").read_bytes() == before
    signed = CliRunner().invoke(main, ["voices", folder, str(pack), *options])
    assert signed.exit_code == 0, signed.output
    done = CliRunner().invoke(main, [*add, "--voices", str(pack)])
    assert done.exit_code == 0, done.output
    settings = config.load(tmp_path / "k" / "kiosk.toml")
    assert [
        folder.name
        for folder in voice_pack.clip_folders(
            tmp_path / "none", settings.voices, settings.authority
        )
    ] == ["seo-0001"]
