"""From a code to answers, on a real inbox that the courier's intake has written."""

from dataclasses import replace
from pathlib import Path
from time import time

import pytest

from kiosk import config as configs
from kiosk import station_clock
from kiosk.answer import Answer, content_for
from kiosk.answer_boxes import MOST_SHOWN, AnswerBoxes
from kiosk.config import Config
from kiosk.errors import InboxError, SealError
from kiosk.message import Kind, Message, encode, new_message_id
from kiosk.picture_code import Code, new_code
from tests.ui.touch.place import AUTHORITY, provision
from uplink.intake import Intake

CODE = new_code()
COME = Answer(("come", "place_station", "monday"))
MONTH_S = 30 * 86_400


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return configs.load(provision(tmp_path / "kiosk"))


def arrive(config: Config, *answers: Answer, code: Code = CODE, issued: float = 0) -> None:
    """What the station sealed to the box of `code` has come in whole."""
    root, now = AUTHORITY.public_key().public_bytes_raw(), int(issued or time())
    box = AnswerBoxes(config).box(code)
    intake = Intake(config.inbox, root, config.manifest.read_bytes())
    for number, answer in enumerate(answers):
        content = content_for(answer, box.public.raw)
        issued_at = now + number
        message = Message(Kind.ANSWER, new_message_id(), issued_at, issued_at + MONTH_S, content)
        for chunk in encode(message, None):
            intake.take(chunk, now)
    intake.close()


def test_a_code_opens_its_answers_the_newest_first(config: Config) -> None:
    arrive(config, COME, Answer(("done",)))
    arrive(config, Answer(("received",)), code=new_code())
    assert AnswerBoxes(config).answers(CODE) == (Answer(("done",)), COME)


def test_only_the_newest_few_are_opened(config: Config) -> None:
    arrive(config, *(Answer((), "", f"câu {n}") for n in range(5)))
    assert [answer.text for answer in AnswerBoxes(config).answers(CODE)] == [
        f"câu {n}" for n in (4, 3, 2)[:MOST_SHOWN]
    ]


def test_without_an_answer_and_with_a_wrong_code_there_is_nothing(config: Config) -> None:
    arrive(config, COME)
    assert AnswerBoxes(config).answers(new_code()) == ()


def test_the_same_code_at_another_kiosk_opens_nothing(config: Config, tmp_path: Path) -> None:
    arrive(config, COME)
    stranger = replace(config, code_key=tmp_path / "other.key")
    stranger.code_key.write_bytes(bytes(32))
    assert AnswerBoxes(stranger).answers(CODE) == ()


def test_after_thirty_days_an_answer_is_gone(config: Config) -> None:
    arrive(config, COME, issued=time() - MONTH_S + 600)
    station_clock.hear(config.clock, int(time()))
    assert AnswerBoxes(config).answers(CODE) == (COME,)
    station_clock.hear(config.clock, int(time()) + 1200)
    assert AnswerBoxes(config).answers(CODE) == ()


def test_what_is_not_sealed_to_the_box_is_passed_over(config: Config) -> None:
    arrive(config, COME)
    box = AnswerBoxes(config).box(CODE)
    forged = content_for(Answer(("closed",)), AnswerBoxes(config).box(new_code()).public.raw)
    root = AUTHORITY.public_key().public_bytes_raw()
    intake = Intake(config.inbox, root, config.manifest.read_bytes())
    now = int(time())
    content = box.public.key_id + forged[16:]
    message = Message(Kind.ANSWER, new_message_id(), now + 9, now + MONTH_S, content)
    for chunk in encode(message, None):
        intake.take(chunk, now)
    intake.close()
    assert AnswerBoxes(config).answers(CODE) == (COME,)


def test_without_an_inbox_or_a_code_key_that_is_said(config: Config) -> None:
    with pytest.raises(InboxError):
        AnswerBoxes(config).answers(CODE)
    config.code_key.unlink()
    with pytest.raises(SealError):
        AnswerBoxes(config).box(CODE)
