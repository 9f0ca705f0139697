"""Picture codes in whole visits: offered, remembered, entered, refused, answered, replied to."""

import pytest

from kiosk.content.catalog import load
from kiosk.content.questionnaire import load as load_questionnaire
from kiosk.flow.model import (
    CodeEntry,
    HandsetMoved,
    Kept,
    OpenBox,
    Opened,
    Rules,
    Screen,
    Speak,
    SpeechEnded,
)
from kiosk.protocol import picture_code
from kiosk.protocol.picture_code import Code, families, is_consistent, new_code, pictures
from kiosk.protocol.reply import Reply
from kiosk.views.screens import lines
from tests.kiosk.visits import Visitor

CODE = new_code()
COME = Reply(("come", "place_station", "monday"))
WRITTEN = Reply(("call",), "0215 374", "Chào bà con.")


def kept(code: Code = CODE, **rules: object) -> Visitor:
    """Somebody whose report is safe."""
    visitor = Visitor(rules=Rules(load_questionnaire(), report_every_s=0, **rules))  # type: ignore[arg-type]
    visitor.taps("lang:hmn", "box:opinion").answer("road", "good").taps("send")
    visitor.feel(Kept(visitor.now, code=code))
    visitor.feel(SpeechEnded(visitor.now))
    return visitor


def enter(visitor: Visitor, code: Code) -> Visitor:
    for picture in code:
        family = next(name for name, members in families().items() if picture in members)
        assert visitor.screen is Screen.FAMILY
        visitor.taps(f"family:{family}", f"picture:{picture}")
    return visitor


def listening(language: str = "hmn") -> Visitor:
    return Visitor().taps(f"lang:{language}", "box:listen", "enter_code")


def told(visitor: Visitor, *answers: Reply) -> Visitor:
    visitor.feel(Opened(answers, visitor.now))
    visitor.feel(SpeechEnded(visitor.now))
    return visitor


def said(visitor: Visitor) -> list[str]:
    """What the last effect that speaks says on the screen as it is."""
    speak = next(e for e in reversed(visitor.effects) if isinstance(e, Speak))
    return [line.string_id for line in lines(visitor.shown(), speak, visitor.rules)]


def wrong(code: Code) -> Code:
    """Another code that fits its check picture."""
    other = next(p for p in pictures() if p not in code)
    five = (other, *code[1:5])
    return (*five, picture_code.check_picture(five))


def test_the_offer_comes_when_the_report_is_already_safe() -> None:
    visitor = kept()
    assert visitor.shown().screen is Screen.DONE
    assert visitor.targets() == ["finish", "hear_back"]
    visitor.tap("finish")
    assert visitor.shown().screen is Screen.START
    assert visitor.state.coding == CodeEntry()


def test_without_a_code_nothing_is_offered() -> None:
    visitor = kept(())
    assert visitor.targets() == ["finish"]
    visitor.tap("hear_back")
    assert visitor.screen is Screen.DONE


def test_the_code_is_shown_in_its_order_and_named_aloud_only_when_asked() -> None:
    visitor = kept().taps("hear_back")
    assert [t.string_id for t in visitor.shown().tiles] == [f"pic.{p}" for p in CODE]
    assert not any(f"pic.{p}" in said(visitor) for p in CODE)
    visitor.tap("again")
    assert [i for i in said(visitor) if i.startswith("pic.")] == [f"pic.{p}" for p in CODE]


def test_in_the_handset_the_six_pictures_are_named_one_by_one() -> None:
    visitor = kept()
    visitor.feel(HandsetMoved(True, visitor.now))
    visitor.tap("hear_back")
    assert [i for i in said(visitor) if i.startswith("pic.")] == [f"pic.{p}" for p in CODE]


def test_entered_rightly_the_code_is_forgotten_and_the_visit_is_done() -> None:
    visitor = enter(kept().taps("hear_back", "go_on"), CODE)
    assert visitor.screen is Screen.DONE
    assert said(visitor)[0] == "say.code_right"
    assert visitor.state.coding == CodeEntry()
    assert visitor.targets() == ["finish"]


def test_entered_wrongly_it_is_shown_again() -> None:
    visitor = enter(kept().taps("hear_back", "go_on"), wrong(CODE))
    assert visitor.screen is Screen.CODE
    assert visitor.shown().prompt == "say.code_again"
    assert enter(visitor.taps("go_on"), CODE).screen is Screen.DONE


def test_back_takes_one_picture_away_and_then_shows_the_code_again() -> None:
    visitor = enter(kept().taps("hear_back", "go_on"), CODE[:1])
    visitor.taps("back", "back")
    assert visitor.shown().screen is Screen.FAMILY
    assert visitor.state.coding.entered == ()
    visitor.tap("back")
    assert visitor.shown().screen is Screen.CODE


def test_whoever_walks_away_from_a_code_leaves_nothing() -> None:
    visitor = kept().taps("hear_back", "go_on")
    enter(visitor, CODE[:3]).wait(91)
    assert visitor.screen is Screen.START
    assert visitor.state.coding.code == visitor.state.coding.entered == ()


def test_every_family_and_picture_stands_on_a_grid_of_eight() -> None:
    visitor = listening()
    assert len(visitor.shown().tiles) == 8
    for family in families():
        visitor.tap(f"family:{family}")
        assert len(visitor.shown().tiles) == 8
        visitor.tap("back")


def test_on_the_grids_only_the_question_is_spoken() -> None:
    visitor = listening()
    assert said(visitor) == ["ask.code_family"]
    visitor.tap("family:animals")
    assert said(visitor) == ["ask.code_picture"]


def test_a_code_opens_an_answer() -> None:
    visitor = enter(listening(), CODE)
    assert visitor.shown().screen is Screen.OPENING
    assert visitor.effects[-1] == OpenBox(CODE)
    told(visitor, COME)
    assert visitor.shown().screen is Screen.ANSWER
    strings = [t.string_id for t in visitor.shown().tiles]
    assert strings == ["answer.come", "card.place_station", "choice.monday"]
    assert said(visitor)[0] == "say.answer"
    assert "answer.come" not in said(visitor)
    visitor.tap("again")
    assert said(visitor)[1:4] == strings


def test_what_was_written_follows_and_is_spoken_in_vietnamese() -> None:
    visitor = told(enter(listening("hmn"), CODE), WRITTEN, COME)
    visitor.tap("go_on")
    spoken = [
        (line.language, line.literal)
        for line in lines(visitor.shown(), Speak(), visitor.rules)
        if line.literal
    ]
    assert spoken == [("vi", "0 2 1 5 3 7 4"), ("vi", "Chào bà con.")]
    visitor.tap("go_on")
    assert visitor.targets()[-2:] == ["finish", "reply"]


def test_an_officers_voice_comes_last_and_is_announced_in_the_persons_language() -> None:
    visitor = told(enter(listening("hmn"), CODE), Reply(("done",), voice=b"OggS"))
    visitor.tap("go_on")
    spoken = lines(visitor.shown(), Speak(), visitor.rules)
    assert [line.string_id for line in spoken[1:3]] == ["answer.voice", ""]
    assert [line.recording for line in spoken[:3]] == [b"", b"", b"OggS"]
    assert spoken[1].language == "hmn"
    assert visitor.targets()[-2:] == ["finish", "reply"]
    quiet = lines(visitor.shown(), Speak(answers=False), visitor.rules)
    assert not any(line.recording for line in quiet), "the hall does not hear it unasked"


def test_nobody_waits_at_the_opening_screen_for_nothing() -> None:
    visitor = enter(listening(), CODE).wait(200)
    assert visitor.screen is Screen.OPENING
    visitor.taps("back", "home")
    assert visitor.screen is Screen.OPENING


def test_a_wrong_code_and_no_answer_yet_are_the_same_screen() -> None:
    shown = [told(enter(listening(), code)).shown() for code in (CODE, wrong(CODE))]
    assert shown[0] == shown[1]
    assert shown[0].screen is Screen.NO_ANSWER


def test_a_mis_tap_costs_no_try_and_asks_for_no_key() -> None:
    mistaken = (*CODE[:5], next(p for p in pictures() if p != CODE[5]))
    assert not is_consistent(mistaken)
    visitor = enter(listening(), mistaken)
    assert visitor.screen is Screen.MISTAP
    assert not any(isinstance(effect, OpenBox) for effect in visitor.effects)
    assert visitor.state.tries == ()
    assert enter(visitor.taps("enter_code"), CODE).screen is Screen.OPENING


def test_tries_are_limited_for_the_kiosk_and_not_for_the_person() -> None:
    visitor = Visitor()
    for _ in range(5):
        told(enter(visitor.taps("lang:vi", "box:listen", "enter_code"), wrong(CODE)))
        visitor.tap("finish")
    visitor.taps("lang:vi", "box:listen", "enter_code")
    assert visitor.screen is Screen.TRIES
    assert visitor.shown().numbers
    visitor.wait(601)
    assert visitor.taps("lang:vi", "box:listen", "enter_code").screen is Screen.FAMILY


def test_who_just_filed_may_prove_his_code_however_often_others_failed() -> None:
    visitor = Visitor()
    for _ in range(5):
        told(enter(visitor.taps("lang:vi", "box:listen", "enter_code"), wrong(CODE)))
        visitor.tap("finish")
    visitor.taps("lang:vi", "box:opinion").answer("road", "good").taps("send")
    visitor.feel(Kept(visitor.now, code=CODE))
    assert enter(visitor.taps("hear_back", "go_on"), CODE).screen is Screen.DONE


def test_back_does_not_lead_into_a_code_that_was_entered() -> None:
    for visitor in (told(enter(listening(), CODE), COME), told(enter(listening(), CODE))):
        visitor.tap("back")
        assert visitor.screen is Screen.NOTICES
        assert visitor.state.coding.entered == ()


def test_back_from_a_mis_tap_does_not_lead_into_the_code_either() -> None:
    mistaken = (*CODE[:5], next(p for p in pictures() if p != CODE[5]))
    visitor = enter(listening(), mistaken).taps("back")
    assert visitor.screen is Screen.NOTICES


def test_back_from_the_code_shown_again_does_not_lead_into_the_wrong_one() -> None:
    visitor = enter(kept().taps("hear_back", "go_on"), wrong(CODE)).taps("back")
    assert visitor.screen is Screen.CODE
    assert visitor.shown().prompt == "say.code"


def test_a_reply_is_filed_with_the_code_that_opened_the_answer() -> None:
    visitor = told(enter(listening(), CODE), COME).taps("reply").answer("reply_where", "bridge")
    assert visitor.screen is Screen.READ_BACK
    visitor.tap("send")
    filed = visitor.filed[-1]
    assert (filed.box, filed.code) == ("reply", CODE)
    visitor.feel(Kept(visitor.now))
    assert visitor.targets() == ["finish"]


def test_one_tile_is_enough_for_a_reply() -> None:
    visitor = told(enter(listening(), CODE), COME).taps("reply", "choice:reply_thanks", "send")
    assert visitor.screen is Screen.SENDING


def test_the_next_report_of_the_same_hall_replies_to_nothing() -> None:
    visitor = told(enter(listening(), CODE), COME).taps("home", "box:opinion")
    visitor.answer("road", "good").taps("send")
    assert visitor.filed[-1].code == ()


def test_the_quick_exit_and_the_start_screen_offer_no_code() -> None:
    visitor = Visitor().taps("notices")
    assert "enter_code" not in visitor.targets()
    visitor = told(enter(listening(), CODE), COME).taps("quit")
    assert "enter_code" not in visitor.targets()
    assert visitor.state.coding.told == ()


@pytest.mark.parametrize("language", ["vi", "hmn"])
def test_everything_on_these_screens_has_words(language: str) -> None:
    catalog = load()
    visitor = told(enter(listening(language), CODE), COME)
    for line in lines(visitor.shown(), Speak(), visitor.rules):
        assert line.literal or catalog.words(line.string_id, language).speak
