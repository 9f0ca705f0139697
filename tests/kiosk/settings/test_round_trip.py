"""What is dumped loads as the same, and all that is wrong with a file is told at once."""

from pathlib import Path
from typing import Any, TypeVar

import pytest
import tomlkit
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from kiosk.common import files, schema
from kiosk.common.errors import ConfigError
from kiosk.content.catalog import HMONG_SCRIPTS, LANGUAGES
from kiosk.device import hotspot as wifi
from kiosk.protocol.cells import KEY
from kiosk.protocol.station_settings import MAX_BUDGET_MB, MAX_SLOT_S, is_window
from kiosk.settings.courier import CourierSettings
from kiosk.settings.fields import ssid_problem
from kiosk.settings.kiosk import (
    Files,
    Hotspot,
    Kiosk,
    KioskFile,
    Limits,
    Screen,
    Sound,
    Staff,
    Station,
)
from kiosk.settings.kiosk_list import MAX_GENERATION, KioskList
from kiosk.settings.kiosk_list import Kiosk as Listed
from kiosk.settings.mail import STARTTLS, TLS, MailSettings
from kiosk.settings.phone import Files as PhoneFiles
from kiosk.settings.phone import Limits as PhoneLimits
from kiosk.settings.phone import Listen, Network, PhoneFile
from kiosk.settings.station import MASTER_FILE, StationSettings
from provisioning.hall_file import CURE, Description, dump, slug

T = TypeVar("T")
some = tried(max_examples=40, deadline=None)

filled = st.text(min_size=1)
names = st.dictionaries(st.text(), st.text(), max_size=3)
paths = (
    st.from_regex(r"/[a-z0-9 é]{1,9}(/[a-z.]{1,9})?", fullmatch=True)
    .map(Path)
    .filter(lambda path: ".." not in path.parts and str(path) == str(path).strip())
)
hour = st.integers(0, 24)
hours = st.lists(st.tuples(hour, hour).filter(is_window), max_size=3).map(tuple)
kiosk_ids = st.binary(min_size=16, max_size=16).map(bytes.hex)
hosts = st.from_regex(r"[a-z0-9.-]{1,20}|[0-9a-f:]{2,20}", fullmatch=True)
addresses = st.tuples(hosts, st.integers(1, 65535))
phrases = st.lists(st.text(), min_size=3, max_size=3, unique=True).map(tuple)
words = st.lists(st.text(), max_size=3).map(tuple)
languages = st.lists(st.sampled_from(LANGUAGES), min_size=1).map(tuple)
scripts = st.sampled_from(HMONG_SCRIPTS)
apns = st.from_regex(r"[A-Za-z0-9.-]{0,100}", fullmatch=True)
mail_addresses = st.from_regex(r"[a-z.]{1,9}@[a-z.]{1,9}", fullmatch=True)


def floats(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high)


def all_paths(cls: type[T]) -> st.SearchStrategy[T]:
    """A class of paths alone."""
    return st.builds(cls, **dict.fromkeys(cls.__annotations__, paths))


kiosk_files = st.builds(
    KioskFile,
    kiosk=st.builds(Kiosk, st.binary(min_size=16, max_size=16), st.text(), languages, scripts),
    station=st.builds(Station, st.text(), st.text(), st.text()),
    screen=st.builds(Screen, st.integers(640, 4096), st.integers(400, 4096), floats(90, 600)),
    files=all_paths(Files),
    limits=st.builds(Limits, floats(0, 86_400)),
    sound=st.builds(Sound, volume=floats(0.05, 1), loud_hours=hours),
    hotspot=st.builds(Hotspot, paths),
    staff=st.builds(Staff, st.text()),
    villages=names,
    forms=names,
)
phone_files = st.builds(
    PhoneFile,
    hotspot=st.builds(Network, st.text().filter(lambda ssid: not ssid_problem(ssid)), phrases),
    listen=st.builds(Listen, st.text(), st.integers(1, 65_535), st.text()),
    files=all_paths(PhoneFiles),
    limits=st.builds(PhoneLimits, st.integers(1, 10_000)),
)
kiosk_lists = st.builds(
    KioskList,
    st.dictionaries(
        kiosk_ids, st.builds(Listed, st.text(), st.integers(1, MAX_GENERATION), names), max_size=3
    ),
)
mails = st.builds(
    MailSettings,
    host=st.text(),
    port=st.integers(1, 65_535),
    security=st.sampled_from((TLS, STARTTLS)),
    sender=mail_addresses,
    to=mail_addresses,
    every_minutes=st.integers(1, 1440),
)
descriptions = st.builds(
    Description,
    village=st.text().filter(slug),
    hall=st.text(),
    languages=languages,
    hmong_script=scripts,
    width_mm=floats(90, 600),
    loud_hours=hours,
    apn=st.text(),
    dns=words,
    roaming=st.booleans(),
    slot_s=floats(1, MAX_SLOT_S),
    send_hours=hours,
    budget_mb=st.integers(0, MAX_BUDGET_MB),
    staff_pin=st.sampled_from(("", "271828")),
    villages=words,
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that courier.toml and station.toml name."""
    folder = tmp_path_factory.mktemp("home")
    for name, size in {"link.key": 2 * KEY, "row.key": KEY, MASTER_FILE: KEY}.items():
        files.write(folder / name, bytes(size), files.PRIVATE)
    for name in ("ca.pem", "tls.pem", "tls.key", "kiosks.toml"):
        files.write(folder / name, "")
    return folder


def reloaded(home: Path, settings: T) -> T:
    path = home / "settings.toml"
    path.write_text(schema.dump(settings), "utf-8", newline="")
    path.chmod(0o600)
    return schema.load(type(settings), path, "")


@some
@given(st.one_of(kiosk_files, phone_files, kiosk_lists))
def test_a_dumped_file_loads_as_the_same(home: Path, settings: Any) -> None:
    assert reloaded(home, settings) == settings


@some
@given(st.data())
def test_dumped_settings_of_the_link_load_as_the_same(home: Path, data: st.DataObject) -> None:
    tls = {f"tls_{key}": home / name for key, name in TLS_NAMES.items()}
    courier = st.builds(
        CourierSettings,
        topic_id=kiosk_ids,
        brokers=st.lists(addresses, min_size=1, max_size=3).map(tuple),
        server_name=filled,
        slot_s=floats(0.01, MAX_SLOT_S),
        budget_mb=st.integers(1, MAX_BUDGET_MB),
        hours=hours,
        outboxes=st.lists(paths, min_size=1, max_size=2).map(tuple),
        link_key=st.just(home / "link.key"),
        row_key=st.just(home / "row.key"),
        modem_port=st.just("usb-*-if02-port0"),
        modem_pin=st.from_regex("[0-9]{4,8}", fullmatch=True).filter(str.isascii),
        modem_apn=apns,
        modem_reset_after=st.integers(1, 10_000),
        **dict.fromkeys(("folder", "status", "clock", "inbox", "authority", "manifest"), paths),
        **{name: st.just(path) for name, path in tls.items()},
    )
    station = st.builds(
        StationSettings,
        broker=addresses,
        server_name=filled,
        folder=st.just(home),
        kiosks=st.just(home / "kiosks.toml"),
        database=filled,
        assets=paths,
        mail=st.none() | mails,
        clusters=st.dictionaries(kiosk_ids, st.text(), max_size=4),
        **{name: st.just(path) for name, path in tls.items()},
    )
    settings = data.draw(courier | station)
    assert reloaded(home, settings) == settings


TLS_NAMES = {"ca": "ca.pem", "cert": "tls.pem", "key": "tls.key"}


@some
@given(filled, filled, filled, phrases)
def test_the_wifi_of_the_day_is_read_as_written(
    home: Path, ssid: str, key: str, address: str, phrase: tuple[str, ...]
) -> None:
    shown = wifi.Hotspot(ssid, key, address, phrase)
    wifi.write(home / "hotspot.toml", shown)
    assert wifi.read(home / "hotspot.toml") == shown


@some
@given(st.lists(descriptions, min_size=1, max_size=3))
def test_described_halls_are_read_as_written(home: Path, described: list[Description]) -> None:
    path = home / "halls.toml"
    path.write_text(dump(described), "utf-8", newline="")
    tables = schema.parse(path, CURE)["kiosk"]
    assert [schema.structure(Description, table, path) for table in tables] == [
        (each, []) for each in described
    ]


@pytest.mark.parametrize(
    ("cls", "table", "problems"),
    [
        (
            KioskFile,
            {
                "kiosk": {"id": "5a", "vioce": True},
                "screen": {"width": "8"},
                "limits": {"report_every_s": -1},
            },
            [
                "kiosk.id must be 16 bytes in hexadecimal",
                "unknown key in [kiosk]: 'vioce', did you mean 'voice'?",
                "screen.width must be int, not str",
                "limits.report_every_s must be from 0 to 86400",
            ],
        ),
        (
            PhoneFile,
            {"listen": {"port": 0, "prot": 1}, "files": 3, "hotspot": {"ssid": 3}},
            [
                "listen.port must be from 1 to 65535",
                "unknown key in [listen]: 'prot', did you mean 'port'?",
                "files: must be a table",
                "hotspot.ssid must be str, not int",
                "hotspot.phrase is missing",
            ],
        ),
        (
            KioskList,
            {
                "kiosk": {},
                "kiosks": {"xy": {"name": 3, "generation": 0, "villages": {"a": 1}, "more": 1}},
            },
            [
                "unknown key: 'kiosk', did you mean 'kiosks'?",
                "kiosks.xy must be 32 hexadecimal digits",
                "kiosks.xy.name must be str, not int",
                "kiosks.xy.generation must be from 1 to 4294967295",
                "kiosks.xy.villages.a must be str, not int",
                "unknown key in [kiosks.xy]: 'more'",
            ],
        ),
        (
            StationSettings,
            {
                "broker": "host",
                "sever_name": "a",
                "folder": ".",
                "mail": {"host": "a", "from": "a", "port": 0, "user": "a", "ca": "none.pem"},
                "clusters": {"a": ["x"]},
                "tls_ca": 3,
                "tls_cert": "",
                "tls_key": "none.key",
            },
            [
                "broker: must be host:port",
                "server_name is missing",
                "unknown key: 'sever_name', did you mean 'server_name'?",
                "folder: its link.master: the file does not exist",
                "mail.from must be an address such as don@example.vn",
                "mail.to is missing",
                "mail.port must be from 1 to 65535",
                "mail.password_file cannot be read, or holds more than plain letters",
                "mail.ca the file does not exist",
                "clusters.a must be 32 hexadecimal digits",
                "tls_ca: must be str, not int",
                "tls_cert: must name a file",
                "tls_key: the file does not exist",
                "kiosks is missing",
            ],
        ),
    ],
    ids=["kiosk", "phone", "list", "station"],
)
def test_all_problems_of_a_file_are_told_together(
    tmp_path: Path, cls: type, table: dict[str, Any], problems: list[str]
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(tomlkit.dumps(table), "utf-8")
    with pytest.raises(ConfigError) as caught:
        schema.load(cls, path, "cure")
    assert sorted(caught.value.problems) == sorted(problems)
