"""The flow that an elder meets."""

import pytest

from kiosk.content.questionnaire import load
from kiosk.flow.model import (
    Crashed,
    Gate,
    GateKind,
    HandsetMoved,
    Hush,
    NotKept,
    Rules,
    Screen,
    Speak,
    SpeechEnded,
    Tick,
    Wipe,
)
from tests.kiosk.visits import BORDER, Visitor


def told_border() -> Visitor:
    return Visitor().taps("lang:hmn", "box:border").answer(*BORDER)


def test_a_report_goes_from_start_to_done() -> None:
    visitor = told_border()
    assert visitor.shown().screen is Screen.READ_BACK
    visitor.tap("send")
    assert visitor.shown().screen is Screen.SENDING
    (filed,) = visitor.filed
    assert dict(filed.answers)["where"] == "forest"
    assert filed.language == "hmn"
    assert visitor.kept().screen is Screen.DONE
    assert visitor.state.answers == ()


@pytest.mark.parametrize(
    ("box", "choices"),
    [
        ("crime", ("theft", "stolen_animal", "bridge", "this_week", "unknown", "car", "danger_no")),
        ("crime", ("violence_home", "house", "now", "one", "nothing_more", "danger_yes")),
        ("order", ("fire", "fire_house", "danger_yes", "my_village", "now", "camera_saw")),
        ("order", ("noise", "market", "going_on", "nothing_more")),
        ("opinion", ("officials", "bad")),
        ("ask", ("birth", "want_visit", "friday", "morning")),
    ],
)
def test_every_kind_of_visit_reaches_the_read_back(box: str, choices: tuple[str, ...]) -> None:
    visitor = Visitor().taps("lang:vi", f"box:{box}").answer(*choices)
    assert visitor.screen is Screen.READ_BACK
    assert [c for _, c in visitor.state.answers if c in choices] == list(choices)


def test_every_choice_of_every_question_can_be_seen_and_leads_on() -> None:
    questionnaire = load()
    for box in questionnaire.menu:
        for question in box.steps[:1]:
            for choice in questionnaire.questions[question].choices:
                visitor = Visitor().taps("lang:vi", f"box:{box.id}").answer(choice)
                assert visitor.screen is not Screen.START
                assert (question, choice) in visitor.state.answers


def test_danger_shows_the_numbers_and_goes_on() -> None:
    visitor = Visitor().taps("lang:vi", "box:order")
    visitor.tap("choice:fire")
    visitor.tap("choice:fire_house")
    visitor.tap("choice:danger_yes")
    assert visitor.screen is Screen.DANGER
    assert [number for _, number in visitor.shown().numbers] == ["0215 3 000 113", "113"]
    visitor.tap("go_on")
    assert visitor.state.place.item == "where"


def test_back_returns_through_every_screen() -> None:
    visitor = told_border()
    seen = [visitor.state.place]
    while visitor.shown().screen is not Screen.MENU:
        visitor.tap("back")
        seen.append(visitor.state.place)
    assert len(seen) == len(set(seen))
    assert visitor.state.answers == ()
    assert Wipe() in visitor.tap("back")
    assert visitor.shown().screen is Screen.START


def test_a_change_goes_straight_to_the_question_and_back() -> None:
    visitor = told_border().taps("change", "answer:where")
    assert visitor.state.place.item == "where"
    visitor.tap("choice:road")
    assert visitor.screen is Screen.READ_BACK
    assert dict(visitor.state.answers)["where"] == "road"


def test_a_change_that_removes_a_question_removes_its_answer() -> None:
    visitor = told_border().taps("change", "answer:border", "choice:staying")
    assert visitor.screen is Screen.READ_BACK
    assert "armed" not in dict(visitor.state.answers)


def test_a_change_that_adds_a_question_asks_it() -> None:
    visitor = Visitor().taps("lang:vi", "box:crime")
    visitor.answer("fighting", "house", "now", "two", "nothing_more", "danger_no")
    visitor.taps("change", "answer:crime", "choice:weapons")
    assert visitor.state.place.item == "weapon"
    visitor.tap("choice:gun")
    assert visitor.screen is Screen.READ_BACK


def test_a_double_tap_on_send_files_once() -> None:
    visitor = told_border().taps("send", "send")
    assert len(visitor.filed) == 1


def test_one_spot_on_the_glass_cannot_send() -> None:
    visitor = told_border()
    from dataclasses import replace

    visitor.state = replace(visitor.state, spots=frozenset({(0, 0)}))
    visitor.tap("send")
    assert visitor.filed == []
    assert visitor.screen is Screen.READ_BACK


def test_idle_warns_at_60_and_wipes_at_90_seconds() -> None:
    visitor = Visitor().taps("lang:vi", "box:crime", "choice:theft").wait(59)
    assert not visitor.shown().warning
    assert visitor.wait(2).shown().warning
    assert visitor.wait(30).screen is Screen.START
    assert Wipe() in visitor.effects
    assert visitor.state.answers == ()


def test_nobody_is_wiped_while_a_clip_plays() -> None:
    visitor = Visitor().taps("lang:vi", "box:crime")
    visitor.now += 1
    visitor.tap("again")
    from kiosk.flow import machine
    from kiosk.flow.model import Tap

    visitor.state, _ = machine.step(visitor.state, Tap("again", (1, 1), visitor.now), visitor.rules)
    visitor.wait(100)
    assert visitor.screen is Screen.QUESTION
    visitor.feel(SpeechEnded(visitor.now))
    assert visitor.wait(91).screen is Screen.START


def test_a_voice_that_never_ends_does_not_keep_a_report_for_ever() -> None:
    visitor = Visitor().taps("lang:vi", "box:crime")
    from dataclasses import replace

    visitor.state = replace(visitor.state, speaking_since=visitor.now)
    assert visitor.wait(121 + 91).screen is Screen.START


def test_done_leaves_by_itself_thirty_seconds_after_its_clip() -> None:
    visitor = told_border().taps("send").kept().wait(29)
    assert visitor.screen is Screen.DONE
    assert visitor.wait(2).screen is Screen.START


def test_quick_exit_destroys_the_report_and_shows_ordinary_news() -> None:
    visitor = told_border()
    effects = visitor.tap("quit")
    assert Wipe() in effects
    assert Hush() in effects
    assert visitor.shown().screen is Screen.NOTICES
    assert visitor.state.answers == ()
    assert visitor.state.history == ()
    visitor.tap("back")
    assert visitor.shown().screen is Screen.START


def test_the_next_person_cannot_go_back_into_the_last_report() -> None:
    visitor = told_border().taps("send").kept().taps("finish", "lang:vi", "back", "back")
    assert visitor.screen is Screen.START
    assert "people_led" not in repr(visitor.state)


def test_the_language_changes_in_mid_report_and_choices_stay() -> None:
    visitor = Visitor().taps("lang:vi", "box:crime", "choice:gambling", "lang:hmn")
    assert visitor.state.place.item == "where"
    assert visitor.shown().language == "hmn"
    assert visitor.state.answers == (("crime", "gambling"),)


@pytest.mark.parametrize(
    ("gate", "screen"),
    [(GateKind.CLOSED, Screen.CLOSED), (GateKind.FULL, Screen.FULL)],
)
def test_closed_and_full_are_said_before_a_person_starts(gate: GateKind, screen: Screen) -> None:
    visitor = Visitor()
    visitor.feel(Gate(gate))
    visitor.taps("lang:vi", "box:crime")
    assert visitor.screen is screen
    visitor.taps("choice:theft", "send", "urgent")
    assert visitor.filed == []
    assert visitor.screen is screen


def test_danger_still_gets_through_when_only_the_reserve_is_left() -> None:
    visitor = Visitor()
    visitor.feel(Gate(GateKind.URGENT_ONLY))
    visitor.taps("lang:vi", "box:crime", "urgent", "go_on")
    visitor.answer("weapons", "gun", "house", "now", "one", "nothing_more")
    visitor.tap("send")
    assert visitor.rules.questionnaire.is_urgent(visitor.filed[0].answers)


def test_one_report_in_ninety_seconds() -> None:
    visitor = Visitor(rules=Rules(load(), report_every_s=90)).taps("lang:hmn", "box:border")
    visitor.answer(*BORDER).taps("send")
    visitor.kept().taps("finish", "lang:vi", "box:crime")
    assert visitor.shown().screen is Screen.WAIT
    visitor.wait(91).taps("lang:vi", "box:crime")
    assert visitor.shown().screen is Screen.QUESTION


def test_a_report_that_could_not_be_kept_is_never_called_kept() -> None:
    visitor = told_border().taps("send")
    visitor.feel(NotKept(visitor.now))
    assert visitor.screen is Screen.FAULT
    visitor.taps("send")
    assert visitor.kept().screen is Screen.DONE
    assert len(visitor.filed) == 2


def test_an_exception_wipes_to_the_start_screen() -> None:
    visitor = told_border()
    assert visitor.feel(Crashed(visitor.now)) == (Hush(), Wipe())
    assert visitor.screen is Screen.START
    assert visitor.state.answers == ()


def test_the_start_screen_greets_for_a_minute_and_not_all_day() -> None:
    visitor = Visitor()
    visitor.tap("anywhere")
    visitor.feel(SpeechEnded(visitor.now))
    greetings = 0
    for _ in range(300):
        visitor.now += 1
        if any(isinstance(e, Speak) for e in visitor.feel(Tick(visitor.now))):
            greetings += 1
            visitor.feel(SpeechEnded(visitor.now))
    assert greetings == 4


def test_a_loudspeaker_does_not_repeat_what_was_told() -> None:
    loud = Visitor().taps("lang:vi", "box:crime")
    assert Speak(None) in loud.tap("choice:gambling")
    private = Visitor(rules=Rules(load(), private_sound=True)).taps("lang:vi", "box:crime")
    assert Speak("choice.gambling") in private.tap("choice:gambling")


def test_unknown_targets_do_nothing() -> None:
    visitor = told_border()
    before = visitor.state.place
    visitor.taps("choice:theft", "box:crime", "notice:x", "answer:nothing", "lang:xx", "")
    assert visitor.state.place == before


def test_a_lifted_handset_hears_the_screen_and_from_then_on_the_answers() -> None:
    visitor = Visitor().taps("lang:vi", "box:opinion", "choice:road")
    assert visitor.feel(HandsetMoved(True, visitor.now)) == (Hush(), Speak())
    assert visitor.tap("choice:good")[-1] == Speak("choice.good", answers=True)


def test_a_handset_hung_up_leaves_nothing_to_be_heard_in_the_hall() -> None:
    visitor = Visitor().taps("lang:vi")
    visitor.feel(HandsetMoved(True, visitor.now))
    visitor.taps("box:opinion", "choice:road")
    assert visitor.feel(HandsetMoved(False, visitor.now)) == (Hush(),)
    assert visitor.tap("choice:good")[-1] == Speak(None, answers=False)


def test_the_handset_stays_lifted_when_the_person_is_forgotten() -> None:
    visitor = Visitor().taps("lang:vi")
    visitor.feel(HandsetMoved(True, visitor.now))
    visitor.feel(SpeechEnded(visitor.now))
    visitor.wait(100)
    assert visitor.screen is Screen.START
    assert visitor.state.handset


def test_the_answers_on_the_change_screen_are_not_told_on_the_way_back() -> None:
    visitor = Visitor().taps("lang:vi", "box:opinion").answer("road", "good")
    visitor.taps("change", "answer:mood")
    assert visitor.tap("back")[-1] == Speak(answers=False)


def test_loudness_belongs_to_the_person() -> None:
    visitor = Visitor().taps("lang:vi", "again", "again", "again")
    assert visitor.state.louder == visitor.rules.louder_steps
    visitor.taps("box:opinion", "home")
    assert visitor.state.louder == visitor.rules.louder_steps
    assert visitor.wait(100).state.louder == 0
