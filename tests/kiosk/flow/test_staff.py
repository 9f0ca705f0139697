"""The technician's screens: the code, the lock, and what can be reached behind them."""

import json
import os
from pathlib import Path

import pytest

from kiosk.content import status_codes
from kiosk.device import link_status
from kiosk.flow.staff import (
    CheckPin,
    Effect,
    PinChecked,
    StaffOpened,
    StaffPage,
    StaffRules,
    StaffState,
    StaffStep,
    StaffTap,
    StaffTick,
    step,
)
from kiosk.views import staff

RULES = StaffRules()
MACHINE = staff.Machine("1.2.3", "abcdef")


def taps(state: StaffState, *targets: str, at: float = 1.0) -> StaffStep:
    effects: tuple[Effect | CheckPin, ...] = ()
    for target in targets:
        state, effects = step(state, StaffTap(target, at), RULES)
    return state, effects


def opened(at: float = 0.0, state: StaffState | None = None) -> StaffState:
    return step(state or StaffState(), StaffOpened(at), RULES)[0]


def let_in() -> StaffState:
    state, _ = taps(opened(), *"123456")
    return step(state, PinChecked(True, 1.0), RULES)[0]


def wrong_codes(count: int, state: StaffState, at: float = 1.0) -> StaffState:
    for _ in range(count):
        state, _ = taps(state, *"000000", at=at)
        state, _ = step(state, PinChecked(False, at), RULES)
    return state


def test_six_digits_are_checked_at_once_and_not_kept() -> None:
    state, effects = taps(opened(), *"12945", "erase", "6", "7")
    assert effects == (CheckPin("129467"),)
    assert state.page is StaffPage.CHECKING
    assert state.typed == ""
    assert "129467" not in repr(effects)


def test_five_wrong_codes_lock_for_a_quarter_of_an_hour() -> None:
    state = wrong_codes(4, opened())
    assert state.page is StaffPage.REFUSED
    state = wrong_codes(1, state, at=10.0)
    assert state.page is StaffPage.LOCKED
    left = taps(state, "back")[0]
    assert opened(10.0 + 899, left).page is StaffPage.LOCKED
    assert opened(10.0 + 900, left).page is StaffPage.PIN


def test_wrong_codes_are_counted_over_visits_until_a_right_one() -> None:
    state = taps(wrong_codes(4, opened()), "home")[0]
    assert state.page is StaffPage.CLOSED
    assert wrong_codes(1, opened(2.0, state)).page is StaffPage.LOCKED
    right = step(taps(opened(2.0, state), *"123456")[0], PinChecked(True, 3.0), RULES)[0]
    assert wrong_codes(4, opened(4.0, right)).page is StaffPage.REFUSED


def test_a_code_found_right_after_leaving_opens_nothing_and_a_wrong_one_counts() -> None:
    state, _ = taps(opened(), *"123456", "home")
    assert step(state, PinChecked(True, 2.0), RULES)[0].page is StaffPage.CLOSED
    assert step(state, PinChecked(False, 2.0), RULES)[0].wrong == 1


@pytest.mark.parametrize(
    "page", [StaffPage.LINK, StaffPage.SYSTEM, StaffPage.CARD, StaffPage.POWER]
)
def test_every_page_leads_back_to_the_menu(page: StaffPage) -> None:
    state, effects = taps(let_in(), page.value)
    assert (state.page, effects) == (page, ())
    assert taps(state, "back")[0].page is StaffPage.MENU


def test_power_goes_off_only_when_asked_twice() -> None:
    assert taps(let_in(), "power_off")[1] == ()
    assert taps(let_in(), "power", "cancel")[0].page is StaffPage.MENU
    state, effects = taps(let_in(), "power", "power_off")
    assert effects == (Effect.POWER_OFF,)
    assert taps(state, "home")[0].page is StaffPage.POWER_OFF


def test_nothing_is_reached_without_the_code() -> None:
    for target in ("link", "system", "sound", "power", "power_off", "menu"):
        state, effects = taps(opened(), target)
        assert (state.page, effects) == (StaffPage.PIN, ())


def test_a_minute_without_a_touch_closes_it() -> None:
    state = let_in()
    assert step(state, StaffTick(60.9), RULES)[0].page is StaffPage.MENU
    assert step(state, StaffTick(61.0), RULES)[0].page is StaffPage.CLOSED


@pytest.mark.parametrize("page", [page for page in StaffPage if page is not StaffPage.CLOSED])
def test_every_page_has_its_words_in_both_languages(page: StaffPage) -> None:
    catalog = staff.catalogue()
    shown = staff.view(StaffState(page), MACHINE)
    named = [shown.prompt, *(t.string_id for t in (*shown.tiles, *shown.buttons) if t.string_id)]
    named += [name for name, _ in shown.numbers]
    for language in staff.LANGUAGES:
        assert all(catalog.words(name, language).show for name in named)


@pytest.mark.parametrize("told", staff.STICK)
def test_what_is_done_with_a_stick_is_said_in_both_languages(told: str) -> None:
    shown = staff.view(StaffState(StaffPage.STICK), staff.Machine("", "", stick=told))
    words = [staff.catalogue().words(shown.prompt, name) for name in staff.LANGUAGES]
    assert all(word.show for word in words)
    assert taps(let_in(), "stick", "back")[0].page is StaffPage.MENU


def status(folder: Path, **changes: object) -> Path:
    modem = {"link": "answering", "sim": "ready", "registration": "roaming", "data": "none"}
    told = {"slot_s": 300, "trouble": "twin", "states": ["broker_twin"], "modem": modem} | changes
    path = folder / "status.json"
    path.write_text(json.dumps(told))
    return path


def test_the_worst_state_of_the_link_comes_first(tmp_path: Path) -> None:
    modem = {
        "link": "answering",
        "sim": "ready",
        "registration": "roaming",
        "data": "none",
        "operator": "Viettel",
        "bars": 3,
    }
    link = link_status.read(status(tmp_path, modem=modem))
    assert link is not None
    assert link.names[:3] == ("broker_twin", "data_none", "network_roaming")
    tiles = staff.view(StaffState(StaffPage.LINK), staff.Machine("", "", link)).tiles
    assert tiles[0].literal == status_codes.load()["broker_twin"].vi
    assert [tile.accent for tile in tiles[:3]] == ["alarm", "bad", "wait"]
    assert tiles[-1].literal == "Viettel 3/5"
    assert len(tiles) <= 6


def test_a_courier_that_has_not_spoken_for_two_slots_does_not_run(tmp_path: Path) -> None:
    path = status(tmp_path)
    assert link_status.read(path) is not None
    old = path.stat().st_mtime - 601
    os.utime(path, (old, old))
    assert link_status.read(path) is None
    (tile,) = staff.view(StaffState(StaffPage.LINK), MACHINE).tiles
    assert tile.string_id == "staff.not_running"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"slot_s": "x"}', '{"slot_s": 300, "modem": 5}'])
def test_a_damaged_status_file_is_a_courier_that_does_not_run(tmp_path: Path, text: str) -> None:
    path = tmp_path / "status.json"
    path.write_text(text)
    assert link_status.read(path) is None
    assert link_status.read(tmp_path / "missing.json") is None
