"""How a technician describes the halls of kiosks: a TOML file, or answers to questions.

    [defaults]                     what all kiosks of the file have in common
    apn = "v-internet"
    [[kiosk]]                      one for each, with the keys of FIELDS
    village = "Bản Na Cô Sa 3"
    ssid = "HomThu-NaCoSa3"

Answers become the same table as a `[[kiosk]]`, so that both are checked by the same fields.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kiosk.common import schema
from kiosk.common.errors import ConfigError, ProvisioningError
from kiosk.common.schema import Field
from kiosk.content.catalog import HMONG_SCRIPTS, LANGUAGES, RPA
from kiosk.device import hotspot as wifi
from kiosk.device.config import PIN_DIGITS, windows
from kiosk.protocol.station_settings import MAX_BUDGET_MB, MAX_SLOT_S, MIN_SLOT_S
from provisioning.hall import Hall
from provisioning.hotspot import Hotspot, draw_phrase
from provisioning.modem_profile import ModemPlan

CURE = "sửa tệp rồi chạy lại / mend the file, then run it again"


def _named(value: str) -> str | None:
    return None if slug(value) else "must be a name"


def _screen(value: str) -> str | None:
    return None if re.fullmatch(r"\d+x\d+", value) else "must be like 800x480"


def _ssid(value: str) -> str | None:
    return wifi.ssid_problem(value) if value else None


def _pin(value: str) -> str | None:
    right = not value or re.fullmatch(rf"[0-9]{{{PIN_DIGITS}}}", value)
    return None if right else f"must be {PIN_DIGITS} digits (phải là {PIN_DIGITS} chữ số)"


def _texts(values: list[Any]) -> str | None:
    return None if all(isinstance(value, str) for value in values) else "must hold texts"


FIELDS: schema.Section = {
    "village": Field(str, check=_named),
    "hall": Field(str, ""),
    "languages": Field(list, ["vi", "hmn"], schema.one_of(*LANGUAGES)),
    "hmong_script": Field(str, RPA, schema.either(*HMONG_SCRIPTS)),
    "screen": Field(str, "800x480", _screen),
    "width_mm": Field(float, 154.0, schema.number(90, 600)),
    "loud_hours": Field(list, [], windows),
    "ssid": Field(str, "", _ssid),
    "apn": Field(str, ""),
    "modem": Field(str, "1e0e:9001"),
    "modem_interface": Field(str, "02"),
    "modem_power": Field(str, ""),
    "dns": Field(list, [], _texts),
    "roaming": Field(bool, False),
    "slot_s": Field(float, 300.0, schema.number(MIN_SLOT_S, MAX_SLOT_S)),
    "send_hours": Field(list, [], windows),
    "budget_mb": Field(int, 0, schema.number(0, MAX_BUDGET_MB)),
    "staff_pin": Field(str, "", _pin),
    "villages": Field(list, [], _texts),
}
"""`hall` is the village's hall when left out; without `ssid` there is no hotspot, without `apn` no
modem; `modem` is vendor:product as lsusb shows it; `villages` may be chosen as the place of what
is reported."""


class Question(NamedTuple):
    """What is asked for one of FIELDS."""

    key: str
    vi: str
    en: str


QUESTIONS = (
    Question("village", "Tên bản", "village"),
    Question("hall", "Tên nhà văn hóa, để trống thì theo tên bản", "hall"),
    Question("languages", "Ngôn ngữ trên máy", "languages"),
    Question("hmong_script", "Chữ Hmông: rpa hay vn1961", "Hmong script"),
    Question("screen", "Màn hình, điểm ảnh", "screen in pixels"),
    Question("width_mm", "Bề ngang tấm cảm ứng, mm", "width of the panel"),
    Question("loud_hours", "Giờ phát loa, như 6-7,17-18; để trống thì không phát", "loud hours"),
    Question("ssid", "Tên Wi-Fi cho điện thoại; để trống thì không có", "hotspot"),
    Question("apn", "APN của SIM; để trống thì không có modem", "SIM's access point name"),
    Question("staff_pin", f"Mã kỹ thuật {PIN_DIGITS} số; để trống thì tự chọn", "staff code"),
)


def read(path: Path) -> list[Hall]:
    """The halls in a file; raises ConfigError with all that is wrong in all of them."""
    raw = schema.parse(path, CURE)
    problems = [
        f"unknown key: {key!r}{schema.suggestion(key, ('defaults', 'kiosk'))}"
        for key in raw.keys() - {"defaults", "kiosk"}
    ]
    defaults, tables = raw.get("defaults", {}), raw.get("kiosk", [])
    if not isinstance(defaults, dict) or not isinstance(tables, list) or not tables:
        raise ConfigError(path.name, ["no [[kiosk]] in it"], CURE)
    described = [
        schema.read_section(f"kiosk {number}", {**defaults, **table}, FIELDS, problems)
        for number, table in enumerate(tables, 1)
    ]
    if problems:
        raise ConfigError(path.name, problems, CURE)
    halls = [hall(values) for values in described]
    twice = [
        name for name, times in Counter(slug(made.name) for made in halls).items() if times > 1
    ]
    if twice:
        raise ConfigError(path.name, [f"hall twice: {name}" for name in twice], CURE)
    return halls


def answer(question: Question, text: str) -> Any:
    """The value of a typed answer; raises ProvisioningError saying what is wrong with it."""
    field = FIELDS[question.key]
    value: Any = text.strip()
    if field.type is list:
        value = [part.strip() for part in value.split(",") if part.strip()]
    elif field.type is float:
        value = _number(value)
    problems: list[str] = []
    schema.read_section("", {question.key: value}, {question.key: field}, problems)
    if problems:
        raise ProvisioningError(problems[0].removeprefix("."))
    return value


def default(question: Question) -> str | None:
    """What counts when nothing is typed; None where something must be."""
    value = FIELDS[question.key].default
    if not isinstance(value, (str, float, list)):
        return None
    if isinstance(value, list):
        return ",".join(value)
    return f"{value:g}" if isinstance(value, float) else value


def hall(given: Mapping[str, Any]) -> Hall:
    """The hall of one table, whose missing keys have their defaults.

    Raises ProvisioningError for a hotspot or modem that cannot be.
    """
    values = schema.read_section("kiosk", given, FIELDS, [])
    width, _, height = values["screen"].partition("x")
    return Hall(
        name=values["hall"] or f"Nhà văn hóa {values['village']}",
        village=values["village"],
        languages=tuple(values["languages"]),
        hmong_script=values["hmong_script"],
        size=(int(width), int(height)),
        width_mm=values["width_mm"],
        loud_hours=tuple(values["loud_hours"]),
        hotspot=Hotspot(values["ssid"], draw_phrase()) if values["ssid"] else None,
        modem=_modem(values) if values["apn"] else None,
        slot_s=values["slot_s"],
        send_hours=tuple(values["send_hours"]),
        budget_mb=values["budget_mb"],
        staff_pin=values["staff_pin"],
        villages={slug(name): name for name in values["villages"]},
    )


def slug(name: str) -> str:
    """A name as a folder: "Nhà văn hóa bản Nậm Pồ" is nha-van-hoa-ban-nam-po."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"[\u0300-\u036f]", "", plain)))


def _modem(values: Mapping[str, Any]) -> ModemPlan:
    return ModemPlan(
        values["apn"],
        values["modem"],
        values["modem_interface"],
        tuple(values["dns"]),
        values["roaming"],
        values["modem_power"],
    )


def _number(text: str) -> float | str:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text
