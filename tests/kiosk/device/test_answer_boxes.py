"""From a code to answers, on a real inbox that the courier's intake has written."""

from dataclasses import replace
from pathlib import Path
from time import time

import pytest

from kiosk.common.errors import SealError
from kiosk.device import config as configs
from kiosk.device import station_clock
from kiosk.device.answer_boxes import MOST_SHOWN, AnswerBoxes
from kiosk.device.config import Config
from kiosk.protocol.picture_code import Code, new_code
from kiosk.protocol.reply import Reply, content_for
from tests.answers import MONTH_S, answer, at_phones, at_screen, deliver
from tests.ui.touch.place import provision

CODE = new_code()
COME = Reply(("come", "place_station", "monday"))


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return configs.load(provision(tmp_path / "kiosk"))


def arrive(config: Config, *answers: Reply, code: Code = CODE, issued: float | None = None) -> None:
    answer(config, at_screen(config).box(code), *answers, issued=issued)


def told(config: Config, code: Code) -> tuple[Reply, ...]:
    return at_screen(config).open(code)[1]


def test_a_code_opens_its_answers_the_newest_first(config: Config) -> None:
    arrive(config, COME, Reply(("done",)))
    arrive(config, Reply(("received",)), code=new_code())
    assert told(config, CODE) == (Reply(("done",)), COME)


def test_only_the_newest_few_are_opened(config: Config) -> None:
    arrive(config, *(Reply((), "", f"câu {n}") for n in range(5)))
    assert [answer.text for answer in told(config, CODE)] == [
        f"câu {n}" for n in (4, 3, 2)[:MOST_SHOWN]
    ]


def test_without_an_answer_and_with_a_wrong_code_there_is_nothing(config: Config) -> None:
    arrive(config, COME)
    assert told(config, new_code()) == ()


def test_the_same_code_at_another_kiosk_opens_nothing(config: Config, tmp_path: Path) -> None:
    arrive(config, COME)
    stranger = replace(config, code_key=tmp_path / "other.key")
    stranger.code_key.write_bytes(bytes(32))
    assert told(stranger, CODE) == ()


def test_after_thirty_days_an_answer_is_gone(config: Config) -> None:
    arrive(config, COME, issued=time() - MONTH_S + 600)
    station_clock.hear(config.clock, int(time()))
    assert told(config, CODE) == (COME,)
    station_clock.hear(config.clock, int(time()) + 1200)
    assert told(config, CODE) == ()


def test_what_is_not_sealed_to_the_box_is_passed_over(config: Config) -> None:
    arrive(config, COME)
    box, other = (at_screen(config).box(code) for code in (CODE, new_code()))
    forged = content_for(Reply(("closed",)), other.public.raw)
    deliver(config, [box.public.key_id + forged[16:]], int(time()) + 9)
    assert told(config, CODE) == (COME,)


def test_without_an_inbox_there_is_nothing_and_without_a_code_key_that_is_said(
    config: Config,
) -> None:
    assert told(config, CODE) == ()
    config.code_key.unlink()
    with pytest.raises(SealError):
        told(config, CODE)


def test_the_screen_opens_the_codes_of_phones_and_phones_only_their_own(config: Config) -> None:
    config.phone_code_key.write_bytes(bytes(32))
    screen = AnswerBoxes(config, config.code_key, config.phone_code_key)
    phones, theirs = at_phones(config), new_code()
    arrive(config, COME)
    assert screen.open(CODE)[1] == (COME,)
    assert phones.open(CODE)[1] == ()
    answer(config, phones.box(theirs), COME)
    for door in (phones, screen):
        box, answers = door.open(theirs)
        assert answers == (COME,)
        assert box.public.raw == phones.box(theirs).public.raw


def test_a_damaged_key_of_phones_leaves_the_screen_its_own_codes(config: Config) -> None:
    config.phone_code_key.write_bytes(b"short")
    arrive(config, COME)
    assert AnswerBoxes(config, config.code_key, config.phone_code_key).open(CODE)[1] == (COME,)
