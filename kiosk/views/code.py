"""The screens of picture codes and answers."""

from collections.abc import Callable
from dataclasses import replace

from kiosk.device.site import Site
from kiosk.flow.code import AGAIN
from kiosk.flow.model import Rules, Screen, VisitState
from kiosk.protocol.picture_code import LENGTH, families
from kiosk.protocol.reply import VOICE, Reply
from kiosk.views.model import FINISH, GO_ON, Tile, View, base_view, message

VIETNAMESE = "vi"
HAVE_CODE = Tile("enter_code", "have_code", "ui.have_code")

_HEAR_BACK = Tile("hear_back", "hear_back", "ui.hear_back")
_TRY = Tile("go_on", "enter_code", "ui.try_code")
_ENTER_AGAIN = Tile("enter_code", "enter_code", "ui.enter_again")
_REPLY = Tile("reply", "reply", "box.reply")
_VOICE = Tile(None, "voice_other", VOICE)
_ALONE = ("", "again", "", "")


def _done(state: VisitState, rules: Rules, _site: Site) -> View:
    """With a code to be remembered, the offer stands beside the end."""
    buttons = (FINISH, _HEAR_BACK) if state.coding.code else (FINISH,)
    base = base_view(state, rules, f"say.{state.place.item or 'done'}", "kept")
    return replace(base, buttons=buttons, rail=_ALONE)


def _code(state: VisitState, rules: Rules, _site: Site) -> View:
    prompt = "say.code_again" if state.place.item == AGAIN else "say.code"
    shown = (
        Tile(f"shown:{place}", f"pic_{picture}", f"pic.{picture}")
        for place, picture in enumerate(state.coding.code)
    )
    base = base_view(state, rules, prompt, "remember")
    return replace(base, tiles=tuple(shown), buttons=(FINISH, _TRY), rail=_ALONE)


def _family(state: VisitState, rules: Rules, _site: Site) -> View:
    shown = tuple(Tile(f"family:{f}", f"family_{f}", f"family.{f}") for f in families())
    return _entry(state, rules, "ask.code_family", shown)


def _picture(state: VisitState, rules: Rules, _site: Site) -> View:
    family = families()[state.place.item or ""]
    shown = tuple(Tile(f"picture:{p}", f"pic_{p}", f"pic.{p}") for p in family)
    return _entry(state, rules, "ask.code_picture", shown)


def _entry(state: VisitState, rules: Rules, prompt: str, shown: tuple[Tile, ...]) -> View:
    base = base_view(state, rules, prompt, "have_code")
    return replace(base, tiles=shown, progress=(len(state.coding.entered), LENGTH))


def _answer(state: VisitState, rules: Rules, _site: Site) -> View:
    pages = [page for answer in state.coding.told for page in answer_pages(answer)]
    last = state.place.page + 1 == len(pages)
    return replace(
        base_view(state, rules, "say.answer", "answer"),
        tiles=pages[state.place.page],
        buttons=(FINISH, _REPLY) if last else (GO_ON,),
    )


def answer_pages(answer: Reply) -> tuple[tuple[Tile, ...], ...]:
    """Pictures first, then what was written in Vietnamese, then what an officer has spoken."""
    pictures = tuple(Tile(None, part.picture, part.string_id) for part in answer.shown())
    written = []
    if answer.number:
        digits = " ".join(letter for letter in answer.number if letter != " ")
        written.append(Tile(None, "phone", "", answer.number, spoken=(VIETNAMESE, digits)))
    if answer.text:
        written.append(Tile(None, "", "", answer.text, spoken=(VIETNAMESE, answer.text)))
    spoken = (replace(_VOICE, recording=answer.voice),) if answer.voice else ()
    return tuple(page for page in (pictures, tuple(written), spoken) if page)


def _tries(state: VisitState, rules: Rules, site: Site) -> View:
    numbers = (("ui.station", site.station_phone),) if site.station_phone else ()
    base = base_view(state, rules, "say.code_tries", "opening")
    return replace(base, buttons=(FINISH,), numbers=numbers)


SCREENS: dict[Screen, Callable[[VisitState, Rules, Site], View]] = {
    Screen.DONE: _done,
    Screen.CODE: _code,
    Screen.FAMILY: _family,
    Screen.PICTURE: _picture,
    Screen.MISTAP: message("say.code_mistap", "mistap", FINISH, _ENTER_AGAIN),
    Screen.OPENING: message("say.opening", "opening", rail=False),
    Screen.ANSWER: _answer,
    Screen.NO_ANSWER: message("say.no_answer", "no_answer", FINISH, _ENTER_AGAIN),
    Screen.TRIES: _tries,
}
