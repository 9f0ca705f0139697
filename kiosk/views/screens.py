"""What a screen shows and says for a state, free of any toolkit.

A renderer draws a View and reports which target was tapped; it knows nothing else.
"""

from collections.abc import Callable
from dataclasses import replace

from kiosk.content.questionnaire import NOTHING_MORE
from kiosk.device.site import Site
from kiosk.flow import machine
from kiosk.flow.model import GateKind, Rules, Screen, Speak, VisitState
from kiosk.views import code, notices, voice
from kiosk.views.model import (
    FINISH,
    GO_ON,
    Line,
    Tile,
    View,
    base_view,
    lines_of,
    message,
    number_lines,
    told_line,
)


def emergency_numbers(site: Site) -> tuple[tuple[str, str], ...]:
    """Whom to call when somebody is in danger: (string id, number), the nearest first."""
    police = ("ui.police", "113")
    return (("ui.station", site.station_phone), police) if site.station_phone else (police,)


def view(state: VisitState, rules: Rules, site: Site) -> View:
    """The screen for a state."""
    return _SCREENS[state.place.screen](state, rules, site)


def lines(shown: View, speak: Speak, rules: Rules) -> tuple[Line, ...]:
    """What the voice says on entering a screen, in order."""
    if shown.screen is Screen.START:
        return tuple(
            Line("say.greeting", language, f"lang:{language}") for language in rules.languages
        )
    echo = (Line(speak.echo, shown.language),) if speak.echo else ()
    tiles = (*shown.tiles, *shown.buttons) if speak.answers else shown.buttons
    prompt = tuple(told_line(text, shown.language) for text in shown.told)
    return (
        *echo,
        *(prompt or (Line(shown.prompt, shown.language),)),
        *number_lines(shown),
        *((voice.RECORDED,) if shown.screen is Screen.PREVIEW else ()),
        *(line for tile in tiles for line in lines_of(tile, shown.language)),
    )


def _start(state: VisitState, rules: Rules, site: Site) -> View:
    return View(
        screen=Screen.START,
        language=rules.languages[0],
        prompt="say.greeting",
        picture="welcome",
        tiles=tuple(
            Tile(f"lang:{language}", f"lang_{language}", f"language.{language}")
            for language in rules.languages
        ),
        buttons=(replace(notices.notice_tiles(state, rules)[0], target="notices"),),
        quick_exit=False,
        qr=site.hotspot.wifi_qr if site.hotspot else None,
    )


def _menu(state: VisitState, rules: Rules, site: Site) -> View:
    boxes = rules.questionnaire.menu
    tiles = tuple(
        Tile(f"box:{box.id}", f"box_{box.id}", f"box.{box.id}", accent=box.id) for box in boxes
    )
    base = base_view(state, rules, "ask.menu", "welcome")
    return replace(base, tiles=tiles, rail=(base.rail[0], "again", "", "back"))


def _choice_tile(choice: str, target: str, site: Site) -> Tile:
    kind, _, village = choice.partition(":")
    if kind == "village":
        return Tile(target, "village", literal=dict(site.villages).get(village, village))
    return Tile(target, choice, f"choice.{choice}")


def _question(state: VisitState, rules: Rules, site: Site) -> View:
    assert state.place.item is not None
    question = rules.questionnaire.questions[state.place.item]
    pages = question.pages()
    tiles = [_choice_tile(c, f"choice:{c}", site) for c in pages[state.place.page]]
    base = base_view(state, rules, f"ask.{question.id}", f"ask_{question.id}")
    return replace(base, tiles=_closed(tiles, state, len(pages)), progress=_progress(state, rules))


def _closed(tiles: list[Tile], state: VisitState, pages: int) -> tuple[Tile, ...]:
    if state.place.page + 1 < pages:
        tiles.append(Tile("more", "more", "ui.more"))
    return tuple(tiles)


def _progress(state: VisitState, rules: Rules) -> tuple[int, int]:
    assert state.box is not None
    path = rules.questionnaire.path(state.box, state.answers)
    given = dict(state.answers)
    return sum(name in given for name in path), len(path)


def _danger(state: VisitState, rules: Rules, site: Site) -> View:
    return replace(
        base_view(state, rules, "say.danger", "call_now"),
        buttons=(GO_ON,),
        numbers=emergency_numbers(site),
    )


def _told(state: VisitState, site: Site, tappable: bool) -> tuple[Tile, ...]:
    shown = [(q, c) for q, c in state.answers if tappable or c != NOTHING_MORE]
    return tuple(
        _choice_tile(choice, f"answer:{question}", site)
        if tappable
        else Tile(None, *_picture_and_words(_choice_tile(choice, "", site)))
        for question, choice in shown
    )


def _picture_and_words(tile: Tile) -> tuple[str, str, str | None]:
    return tile.picture, tile.string_id, tile.literal


def _read_back(state: VisitState, rules: Rules, site: Site) -> View:
    return replace(
        base_view(state, rules, "ask.read_back", "read_back"),
        tiles=_told(state, site, tappable=False),
        buttons=(Tile("change", "change", "ui.change"), Tile("send", "send", "ui.send")),
        progress=_progress(state, rules),
    )


def _change(state: VisitState, rules: Rules, site: Site) -> View:
    pages = machine.change_pages(state)
    by_question = {t.target: t for t in _told(state, site, tappable=True)}
    tiles = [by_question[f"answer:{question}"] for question in pages[state.place.page]]
    base = base_view(state, rules, "ask.change", "change")
    return replace(base, tiles=_closed(tiles, state, len(pages)))


def _phone(state: VisitState, rules: Rules, site: Site) -> View:
    """Two steps: a code to join the Wi-Fi, then one to open the page and what it must show."""
    wifi = site.hotspot
    if wifi is None:
        return _no_phone(state, rules, site)
    if state.place.item == machine.JOIN:
        join = base_view(state, rules, "say.join", "mobile_off")
        return replace(join, qr=wifi.wifi_qr, numbers=(("ui.wifi", wifi.ssid),), buttons=(GO_ON,))
    phrase = tuple(_choice_tile(picture, "", site) for picture in wifi.phrase)
    shown = tuple(Tile(None, *_picture_and_words(tile)) for tile in phrase)
    page = base_view(state, rules, "say.open", "open_page")
    return replace(page, qr=wifi.address, tiles=shown, buttons=(FINISH,))


def _full(state: VisitState, rules: Rules, site: Site) -> View:
    urgent = state.gate is GateKind.URGENT_ONLY
    return replace(
        base_view(state, rules, "say.full", "full"),
        buttons=(Tile("urgent", "danger_yes", "ui.urgent"), FINISH) if urgent else (FINISH,),
    )


def _closed_screen(state: VisitState, rules: Rules, site: Site) -> View:
    numbers = (("ui.station", site.station_phone),) if site.station_phone else ()
    return replace(
        base_view(state, rules, "say.closed", "closed"), buttons=(FINISH,), numbers=numbers
    )


_no_phone = message("say.wait", "fault", FINISH)

_SCREENS: dict[Screen, Callable[[VisitState, Rules, Site], View]] = {
    Screen.START: _start,
    Screen.MENU: _menu,
    Screen.QUESTION: _question,
    Screen.PROCEDURE: notices.procedure,
    Screen.DANGER: _danger,
    Screen.READ_BACK: _read_back,
    Screen.CHANGE: _change,
    Screen.SENDING: message("say.sending", "send", rail=False),
    Screen.NOTICES: notices.notices,
    Screen.NOTICE: notices.notice,
    Screen.PHONE: _phone,
    Screen.FORM: notices.form,
    Screen.WAIT: message("say.wait", "fault", FINISH),
    Screen.FULL: _full,
    Screen.CLOSED: _closed_screen,
    Screen.FAULT: message(
        "say.fault", "fault", FINISH, Tile("send", "send", "ui.send_again"), rail=False
    ),
    **code.SCREENS,
    **voice.SCREENS,
}
