"""Picture codes over the real server: all alike on the air, tried a few times, written nowhere."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.common.errors import MessageError
from kiosk.device import config as configs
from kiosk.device.answer_boxes import AnswerBoxes
from kiosk.device.config import Config
from kiosk.protocol.picture_code import TRIES, is_consistent, new_code
from kiosk.protocol.reply import MAX_VOICE, Reply
from tests.answers import COME, answer, at_phones, at_screen
from tests.ui.phone.asking import Asker, sealed_to
from tests.ui.phone.place import Hotspot, Phone, provision_hotspot, serving
from ui.phone.server.main import WISHES_A_REPORT
from ui.phone.server.picture_codes import Keyring

SHOWN = {
    "parts": [
        ["answer_come", "answer.come"],
        ["place_station", "card.place_station"],
        ["monday", "choice.monday"],
    ],
    "number": COME.number,
    "text": COME.text,
    "voiced": False,
}
BUSIEST = Reply(("reply_come",) * 6, "0" * 20, "\U0001f985" * 200)


@pytest.fixture
def place(tmp_path: Path) -> Hotspot:
    return provision_hotspot(tmp_path / "kiosk", reports=1000)


@pytest.fixture
def config(place: Hotspot) -> Config:
    return configs.load(place.folder / "kiosk.toml")


@pytest.fixture
def asker(place: Hotspot) -> Iterator[Asker]:
    with serving(place):
        yield Asker(Phone(place))
    assert (place.folder / "phone.log").read_bytes() == b""


def test_a_new_code_comes_with_the_key_of_its_box(asker: Asker, config: Config) -> None:
    told = asker.ask()
    code = tuple(told["code"])
    assert is_consistent(code)
    assert base64.b64decode(told["key"]) == at_phones(config).box(code).public.raw
    assert (told["answers"], told["locked"]) == ([], False)
    assert tuple(asker.ask()["code"]) != code


def test_a_code_opens_what_the_station_answered_here_and_at_the_screen(
    asker: Asker, config: Config
) -> None:
    code = tuple(asker.ask()["code"])
    box = at_phones(config).box(code)
    answer(config, box, COME)
    told = asker.ask(code)
    assert (told["answers"], told["code"]) == ([SHOWN], [])
    assert base64.b64decode(told["key"]) == box.public.raw
    screen = AnswerBoxes(config, config.code_key, config.phone_code_key)
    assert screen.open(code)[1] == (COME,)


def test_a_code_of_the_screen_opens_nothing_on_a_phone(asker: Asker, config: Config) -> None:
    code = new_code()
    answer(config, at_screen(config).box(code), COME)
    assert asker.ask(code)["answers"] == []


def test_whatever_is_told_has_one_size(asker: Asker, config: Config) -> None:
    code = tuple(asker.ask()["code"])
    answer(config, at_phones(config).box(code), *[BUSIEST] * 4)
    assert len(asker.ask(code)["answers"]) == 3
    asker.ask(new_code())
    assert len(asker.sizes) == 1


def test_an_officer_s_voice_is_told_of_and_heard_at_the_kiosk(asker: Asker, config: Config) -> None:
    code = tuple(asker.ask()["code"])
    answer(config, at_phones(config).box(code), replace(COME, voice=bytes(MAX_VOICE)))
    assert asker.ask(code)["answers"] == [SHOWN | {"voiced": True}]
    assert len(asker.sizes) == 1


def test_a_wrong_code_and_one_without_an_answer_are_told_the_same(
    asker: Asker, config: Config
) -> None:
    code = tuple(asker.ask()["code"])
    answer(config, at_phones(config).box(new_code()), COME)
    missing, failed = asker.ask(code), asker.ask(new_code())
    for told in (missing, failed):
        del told["key"]
    assert missing == failed


def test_after_five_codes_that_open_nothing_none_is_tried_but_new_ones_are_made(
    asker: Asker, config: Config
) -> None:
    code = tuple(asker.ask()["code"])
    answer(config, at_phones(config).box(code), COME)
    assert not any(
        asker.ask(tried)["locked"] for tried in (code, *(new_code(),) * (TRIES - 1), code)
    )
    assert asker.ask(new_code())["answers"] == []
    told = asker.ask(code)
    assert (told["locked"], told["answers"]) == (True, [])
    assert is_consistent(tuple(asker.ask()["code"]))
    assert len(asker.sizes) == 1


def test_wishes_are_limited_for_the_whole_kiosk(tmp_path: Path) -> None:
    place = provision_hotspot(tmp_path / "kiosk", reports=1)
    with serving(place):
        asker = Asker(Phone(place))
        for _ in range(WISHES_A_REPORT):
            asker.ask()
        status, told = asker.post(asker.sealed()[0])
    assert status == 429
    assert b'"wait":' in told


def test_what_is_no_wish_is_refused_and_costs_nobody_a_try(asker: Asker, place: Hotspot) -> None:
    phone, good = Phone(place), asker.sealed()[0]
    for body, status in (
        (good[:-1], 400),
        (good + bytes(9000), 413),
        (bytes(len(good)), 400),
        (asker.sealed(("pot",) * 5)[0], 400),
        (asker.sealed(("pot",) * 5 + ("gun",))[0], 400),
        (asker.sealed(key="bm8=")[0], 400),
        (asker.sealed(key=7)[0], 400),
    ):
        assert asker.post(body)[0] == status
    assert phone.ask("POST", "/c", good, Content_Type="text/plain")[0] == 415
    assert not asker.ask(new_code())["locked"]


def test_without_a_code_key_none_is_offered(tmp_path: Path) -> None:
    place = provision_hotspot(tmp_path / "kiosk")
    with serving(place):
        asker = Asker(Phone(place))
        body = asker.sealed()[0]
        (place.folder / "phone-code.key").unlink()
        assert asker.post(body)[0] == 503
        assert Phone(place).site()["wish_key"] is None
    assert (place.folder / "phone.log").read_text().split() == ["ERROR", "E04"]


def test_codes_are_in_no_file_and_no_log(asker: Asker, config: Config, place: Hotspot) -> None:
    code = tuple(asker.ask()["code"])
    asker.ask(code)
    files = [path for path in place.folder.rglob("*") if path.is_file()]
    assert len(files) > 8
    for trace in (" ".join(code[:5]), '", "'.join(code[:2])):
        assert not any(trace.encode() in path.read_bytes() for path in files)


def test_the_server_s_key_is_new_each_hour_and_the_last_one_still_opens() -> None:
    now = [0.0]
    keys = Keyring(lambda: now[0])
    first = keys.current()
    wish = sealed_to(first, b"wish")
    now[0] = 3599
    assert keys.current() == first
    now[0] = 3600
    assert keys.current() != first
    assert keys.open(wish) == (b"wish", first)
    now[0] = 7200
    keys.current()
    with pytest.raises(MessageError):
        keys.open(wish)
