"""How a technician describes the halls of kiosks: a TOML file, or answers to questions.

    [defaults]                     what all kiosks of the file have in common
    apn = "v-internet"
    [[kiosk]]                      one for each, with the fields of Description
    village = "Bản Na Cô Sa 3"
    ssid = "HomThu-NaCoSa3"

Answers become the same table as a `[[kiosk]]`, so that both are checked by the same class.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import tomlkit

from kiosk.common import schema
from kiosk.common.checks import Check, between, either, matching, only, suggestion
from kiosk.common.errors import ConfigError, ProvisioningError
from kiosk.content.catalog import HMONG_SCRIPTS, LANGUAGES, RPA
from kiosk.device.config import PIN_DIGITS
from kiosk.protocol.station_settings import MAX_BUDGET_MB, MAX_SLOT_S, MIN_SLOT_S
from kiosk.settings.fields import Hours, dump_hours, ssid_problem
from provisioning.hall import Hall
from provisioning.hotspot import Hotspot, draw_phrase
from provisioning.modem_profile import ModemPlan

CURE = "sửa tệp rồi chạy lại / fix the file, then run it again"

_NAMED = Check(lambda name, _: None if slug(name) else "must be a name")
_SSID = Check(lambda ssid, _: ssid_problem(ssid) if ssid else None)


@dataclass(frozen=True, kw_only=True)
class Description:
    """One hall as the technician describes it.

    `hall` is the village's hall when left out; without `ssid` there is no hotspot, without `apn`
    no modem; `modem` is vendor:product as lsusb shows it; `villages` may be chosen as the place of
    what is reported.
    """

    village: Annotated[str, _NAMED]
    hall: str = ""
    languages: Annotated[tuple[str, ...], only(*LANGUAGES)] = ("vi", "hmn")
    hmong_script: Annotated[str, either(*HMONG_SCRIPTS)] = RPA
    screen: Annotated[str, matching(r"\d+x\d+", "like 800x480")] = "800x480"
    width_mm: Annotated[float, between(90, 600)] = 154.0
    loud_hours: Hours = ()
    ssid: Annotated[str, _SSID] = ""
    apn: str = ""
    modem: str = "1e0e:9001"
    modem_interface: str = "02"
    modem_power: str = ""
    dns: tuple[str, ...] = ()
    roaming: bool = False
    slot_s: Annotated[float, between(MIN_SLOT_S, MAX_SLOT_S)] = 300.0
    send_hours: Hours = ()
    budget_mb: Annotated[int, between(0, MAX_BUDGET_MB)] = 0
    staff_pin: Annotated[
        str,
        matching(rf"|[0-9]{{{PIN_DIGITS}}}", f"{PIN_DIGITS} digits (phải là {PIN_DIGITS} chữ số)"),
    ] = ""
    villages: tuple[str, ...] = ()


_DEFAULTS = {field.name: field.default for field in fields(Description)}


class Question(NamedTuple):
    """What is asked for one field of a description."""

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
    known = ("defaults", "kiosk")
    problems = [f"unknown key: {key!r}{suggestion(key, known)}" for key in raw if key not in known]
    defaults, tables = raw.get("defaults", {}), raw.get("kiosk", [])
    if not isinstance(tables, list) or not tables:
        tables = [None]
    if not all(isinstance(table, dict) for table in (defaults, *tables)):
        raise ConfigError(path.name, [*problems, "no [[kiosk]] in it"], CURE)
    described = []
    for number, table in enumerate(tables, 1):
        found, wrong = schema.structure(Description, defaults | table, path, f"kiosk {number}")
        problems.extend(wrong)
        described += [found] if found else []
    if problems:
        raise ConfigError(path.name, problems, CURE)
    halls = [hall(description) for description in described]
    twice = [
        name for name, times in Counter(slug(made.name) for made in halls).items() if times > 1
    ]
    if twice:
        raise ConfigError(path.name, [f"hall twice: {name}" for name in twice], CURE)
    return halls


def dump(descriptions: Iterable[Description]) -> str:
    """The text of a file with these halls."""
    return tomlkit.dumps({"kiosk": [schema.table(described) for described in descriptions]})


def answer(question: Question, text: str) -> Any:
    """The value of a typed answer; raises ProvisioningError saying what is wrong with it."""
    value: Any = text.strip()
    if isinstance(_DEFAULTS[question.key], tuple):
        value = [part.strip() for part in value.split(",") if part.strip()]
    elif isinstance(_DEFAULTS[question.key], float):
        value = _number(value)
    problem = schema.problem_of(Description, question.key, value)
    if problem:
        raise ProvisioningError(problem)
    return value


def default(question: Question) -> str | None:
    """What counts when nothing is typed; None where something must be."""
    match _DEFAULTS[question.key]:
        case str(text):
            return text
        case float(number):
            return f"{number:g}"
        case tuple(words):
            return ",".join(words)
    return None


def asked(answers: Mapping[str, Any]) -> Hall:
    """The hall of the answers to QUESTIONS, each of which `answer` has checked."""
    described, problems = schema.structure(Description, answers, Path())
    if described is None:
        raise ProvisioningError("; ".join(problems), CURE)
    return hall(described)


def hall(described: Description) -> Hall:
    """The hall of a description. Raises ProvisioningError for a modem that cannot be."""
    width, _, height = described.screen.partition("x")
    return Hall(
        name=described.hall or f"Nhà văn hóa {described.village}",
        village=described.village,
        languages=described.languages,
        hmong_script=described.hmong_script,
        size=(int(width), int(height)),
        width_mm=described.width_mm,
        loud_hours=tuple(dump_hours(described.loud_hours)),
        hotspot=Hotspot(described.ssid, draw_phrase()) if described.ssid else None,
        modem=_modem(described) if described.apn else None,
        slot_s=described.slot_s,
        send_hours=tuple(dump_hours(described.send_hours)),
        budget_mb=described.budget_mb,
        staff_pin=described.staff_pin,
        villages={slug(name): name for name in described.villages},
    )


def slug(name: str) -> str:
    """A name as a folder: "Nhà văn hóa bản Nậm Pồ" is nha-van-hoa-ban-nam-po."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"[\u0300-\u036f]", "", plain)))


def _modem(described: Description) -> ModemPlan:
    return ModemPlan(
        described.apn,
        described.modem,
        described.modem_interface,
        described.dns,
        described.roaming,
        described.modem_power,
    )


def _number(text: str) -> float | str:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text
