"""Each process of the device reads what it needs and nothing else: real users, real files."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.device import config as configs
from kiosk.device import link_status, station_clock
from kiosk.device.inbox import Inbox
from kiosk.device.outbox import Outbox
from kiosk.protocol.cells import BODY, Chunk, Kind, Receipt, Status, cut
from kiosk.settings.courier import load_courier
from provisioning import demo
from tests.images.device import NOBODY, PLAN, Device, process, provisioned
from ui.phone.server import settings as phone_settings
from uplink.courier.inbox_writer import InboxWriter
from uplink.courier.status_file import StatusFile
from uplink.link.link_faults import LinkFault

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("systemd-tmpfiles"),
    reason="other users need root, and systemd gives them their files",
)
TOUCH, PHONE, COURIER = USERS = ("homthu-touch", "homthu-phone", "homthu-courier")
EVERYBODY = {
    "authority.pub",
    "kiosk.toml",
    "manifest.cbor",
    "phone.toml",
    "row.key",
}
CODES = {"phone-code.key"}
READABLE = {
    TOUCH: EVERYBODY | CODES | {"touch/touch.db", "screen/code.key", "screen/staff.pin"},
    PHONE: EVERYBODY | CODES | {"phone/phone.db"},
    COURIER: EVERYBODY
    | {"touch/touch.db", "phone/phone.db", "courier.toml"}
    | {f"courier/{name}" for name in ("ca.pem", "link.key", "tls.key", "tls.pem")},
}
WRITABLE = {
    TOUCH: {"screen/code.key", "screen/staff.pin", "touch", "touch/touch.db"},
    PHONE: {"phone", "phone/phone.db"},
    COURIER: {"phone", "phone/phone.db", "touch", "touch/touch.db", "inbox", "courier.toml"}
    | {f"courier{name}" for name in ("", "/ca.pem", "/link.key", "/tls.key", "/tls.pem")},
}
SENT = cut(Kind.ICON, False, bytes(16), bytes(BODY))[0]
_held: list[Outbox] = []


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> demo.Village:
    return demo.provision(tmp_path_factory.mktemp("village"), PLAN)


@pytest.fixture
def device(village: demo.Village) -> Iterator[Device]:
    with provisioned(village) as made:
        yield made


def test_each_user_reads_and_writes_exactly_its_own(device: Device) -> None:
    paths = [path for path in device.bundle.rglob("*") if path.parent.name != "hotspot"]
    for name in USERS:
        with device.user(name) as run:
            readable = {p for p in paths if not p.is_dir() and run(os.access, p, os.R_OK)}
            writable = {p for p in paths if run(os.access, p, os.W_OK)}
            assert not run(os.access, device.bundle / "hotspot", os.X_OK)
        assert {str(p.relative_to(device.bundle)) for p in readable} == READABLE[name], name
        assert {str(p.relative_to(device.bundle)) for p in writable} == WRITABLE[name], name


def test_a_stranger_on_the_device_reads_nothing(device: Device) -> None:
    with process(NOBODY, NOBODY, []) as run:
        assert not run(os.access, device.bundle, os.X_OK)


@pytest.mark.parametrize(("first", "second"), [(TOUCH, COURIER), (COURIER, TOUCH)])
def test_a_report_goes_from_the_screen_to_the_courier(
    device: Device, first: str, second: str
) -> None:
    with device.user(first) as one, device.user(second) as other:
        screen, courier = (one, other) if first == TOUCH else (other, one)
        one(hold_touch_outbox, device.bundle)
        screen(put, device.bundle / "kiosk.toml")
        assert courier(take, device.bundle / "courier.toml", 0) == SENT
        one(let_go)
    assert [path.name for path in (device.bundle / "touch").iterdir()] == ["touch.db"]


def test_a_report_goes_from_the_page_to_the_courier(device: Device) -> None:
    with device.user(PHONE) as page, device.user(COURIER) as courier:
        page(put_from_phone, device.bundle / "phone.toml")
        assert courier(take, device.bundle / "courier.toml", 1) == SENT
        with pytest.raises(PermissionError):
            page(Path.read_bytes, device.bundle / "touch" / "touch.db")


def test_screen_and_page_read_what_the_courier_has_heard_also_after_a_boot(device: Device) -> None:
    with device.user(COURIER) as courier:
        courier(hear, device.bundle / "courier.toml")
    for _ in range(2):
        for name in (TOUCH, PHONE):
            with device.user(name) as run:
                assert run(heard, device.bundle / "kiosk.toml") == (True, True, True)
        device.boot()


def test_an_image_with_other_user_numbers_gets_its_files_back(device: Device) -> None:
    with device.user(COURIER) as courier:
        courier(hear, device.bundle / "courier.toml")
    for name in ("passwd", "group"):
        users = device.root / "etc" / name
        users.write_text(renumbered(users.read_text()))
    device.boot()
    with device.user(TOUCH) as screen, device.user(COURIER) as courier:
        screen(put, device.bundle / "kiosk.toml")
        assert courier(take, device.bundle / "courier.toml", 0) == SENT
        courier(hear, device.bundle / "courier.toml")
        assert screen(heard, device.bundle / "kiosk.toml") == (True, True, True)


def renumbered(users: str) -> str:
    """The same users under numbers that nobody has had."""
    lines = [line.split(":") for line in users.splitlines()]
    for line in lines:
        line[2:4] = [str(int(n) + 5000) if n.isdigit() and n != "0" else n for n in line[2:4]]
    return "".join(":".join(line) + "\n" for line in lines)


def hold_touch_outbox(bundle: Path) -> None:
    """Whoever opens the outbox first makes the files of its log."""
    _held.append(Outbox(bundle / "touch" / "touch.db", (bundle / "row.key").read_bytes()))


def let_go() -> None:
    _held.pop().close()


def put(kiosk_toml: Path) -> None:
    config = configs.load(kiosk_toml)
    _put(config.outbox, config.row_key)


def put_from_phone(phone_toml: Path) -> None:
    settings = phone_settings.load(phone_toml)
    _put(settings.outbox, settings.kiosk.row_key)


def _put(path: Path, row_key: Path) -> None:
    outbox = Outbox(path, row_key.read_bytes())
    outbox.put([SENT])
    outbox.settle()
    outbox.close()


def take(courier_toml: Path, number: int) -> Chunk | None:
    settings = load_courier(courier_toml)
    outbox = Outbox(settings.outboxes[number], settings.row_key.read_bytes())
    (row, header), *_ = outbox.waiting()
    taken = outbox.take(row)
    assert outbox.free(Receipt(header.kind, header.report_id, header.index, Status.STORED))
    outbox.close()
    return taken


def hear(courier_toml: Path) -> None:
    os.umask(0o022)  # as in homthu-courier.service
    settings = load_courier(courier_toml)
    station_clock.hear(settings.clock, 1_790_000_000)
    StatusFile(settings.status).slot(True, 0, LinkFault.NONE, None, 300.0)
    intake = InboxWriter(
        settings.inbox, settings.authority.read_bytes(), settings.manifest.read_bytes()
    )
    intake.listing()
    intake.close()


def heard(kiosk_toml: Path) -> tuple[bool, bool, bool]:
    config = configs.load(kiosk_toml)
    known = station_clock.now(config.clock) is not None
    return (
        known,
        link_status.read(config.courier_status) is not None,
        not Inbox(config.inbox).manifests(),
    )
