"""What a screen shows and says for a state, free of any toolkit.

A renderer draws a View and reports which target was tapped; it knows nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk import session
from kiosk.hotspot import Hotspot
from kiosk.questionnaire import NOTHING_MORE
from kiosk.visit import GateKind, Rules, Screen, Speak, State, VoiceGate

RAIL = ("language", "again", "home", "back")
RECORDING_DOTS = 10


@dataclass(frozen=True)
class Tile:
    """One picture with a label. `target` is None where it cannot be tapped.

    `string_id` names the label in the catalogue; `literal` replaces it where the station itself
    wrote the words (a village's name). `accent` names the colour of its frame where that is not the
    screen's.
    """

    target: str | None
    picture: str
    string_id: str = ""
    literal: str | None = None
    accent: str | None = None


@dataclass(frozen=True)
class Site:
    """What provisioning told this kiosk about the place where it hangs.

    `station_form` is the address of the station's own online form, where it keeps one.
    `villages` maps a village id to its name, `forms` a procedure to the address of its form;
    `hotspot` is the Wi-Fi of the day, None where there is none.
    """

    hall: str = ""
    station_name: str = ""
    station_phone: str = ""
    station_form: str = ""
    villages: tuple[tuple[str, str], ...] = ()
    forms: tuple[tuple[str, str], ...] = ()
    hotspot: Hotspot | None = None


@dataclass(frozen=True)
class View:
    """One screen.

    `tiles` fill the grid, `buttons` are the big far-apart actions, `rail` the targets of the
    left-hand column from the top ("" where a place stays empty), `numbers` telephone numbers to
    show large, `qr` the text of a QR code.
    """

    screen: Screen
    language: str
    prompt: str
    picture: str
    accent: str | None = None
    tiles: tuple[Tile, ...] = ()
    buttons: tuple[Tile, ...] = ()
    rail: tuple[str, ...] = ("", "", "", "")
    quick_exit: bool = True
    progress: tuple[int, int] = (0, 0)
    warning: bool = False
    qr: str | None = None
    numbers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Line:
    """One clip: a string in a language; `target` is the tile to highlight while it plays.

    `recorded` stands for the person's own words, as the officer will hear them.
    """

    string_id: str
    language: str
    target: str | None = None
    literal: str | None = None
    recorded: bool = False


def emergency_numbers(site: Site) -> tuple[tuple[str, str], ...]:
    """Whom to call when somebody is in danger: (string id, number), the nearest first."""
    police = ("ui.police", "113")
    return (("ui.station", site.station_phone), police) if site.station_phone else (police,)


def view(state: State, rules: Rules, site: Site) -> View:
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
    return (
        *echo,
        Line(shown.prompt, shown.language),
        *((_RECORDED,) if shown.screen is Screen.PREVIEW else ()),
        *(Line(t.string_id, shown.language, t.target, t.literal) for t in tiles),
    )


def _base(state: State, rules: Rules, prompt: str, picture: str) -> View:
    language = state.language or rules.languages[0]
    others = [other for other in rules.languages if other != language]
    toggle = f"lang:{others[0]}" if others and state.language else ""
    return View(
        screen=state.place.screen,
        language=language,
        prompt=prompt,
        picture=picture,
        accent=state.box,
        rail=(toggle, "again", "home" if state.language else "", "back"),
        warning=state.warned,
    )


def _with(base: View, **changes: object) -> View:
    return View(**{**base.__dict__, **changes})


def _start(state: State, rules: Rules, site: Site) -> View:
    return View(
        screen=Screen.START,
        language=rules.languages[0],
        prompt="say.greeting",
        picture="welcome",
        tiles=tuple(
            Tile(f"lang:{language}", f"lang_{language}", f"language.{language}")
            for language in rules.languages
        ),
        buttons=(Tile("notices", rules.questionnaire.standing_notices[0], _notice_string(rules)),),
        quick_exit=False,
        qr=site.hotspot.wifi_qr if site.hotspot else None,
    )


def _notice_string(rules: Rules) -> str:
    return f"notice.{rules.questionnaire.standing_notices[0].removeprefix('notice_')}"


def _menu(state: State, rules: Rules, site: Site) -> View:
    boxes = rules.questionnaire.boxes
    tiles = tuple(
        Tile(f"box:{box.id}", f"box_{box.id}", f"box.{box.id}", accent=box.id) for box in boxes
    )
    base = _base(state, rules, "ask.menu", "welcome")
    return _with(base, tiles=tiles, rail=(base.rail[0], "again", "", "back"))


def _choice_tile(choice: str, target: str, site: Site) -> Tile:
    kind, _, village = choice.partition(":")
    if kind == "village":
        return Tile(target, "village", literal=dict(site.villages).get(village, village))
    return Tile(target, choice, f"choice.{choice}")


def _question(state: State, rules: Rules, site: Site) -> View:
    assert state.place.item is not None
    question = rules.questionnaire.questions[state.place.item]
    pages = question.pages()
    tiles = [_choice_tile(c, f"choice:{c}", site) for c in pages[state.place.page]]
    base = _base(state, rules, f"ask.{question.id}", f"ask_{question.id}")
    return _with(base, tiles=_closed(tiles, state, len(pages)), progress=_progress(state, rules))


def _closed(tiles: list[Tile], state: State, pages: int) -> tuple[Tile, ...]:
    if state.place.page + 1 < pages:
        tiles.append(Tile("more", "more", "ui.more"))
    return tuple(tiles)


def _progress(state: State, rules: Rules) -> tuple[int, int]:
    assert state.box is not None
    path = rules.questionnaire.path(state.box, state.answers)
    given = dict(state.answers)
    return sum(name in given for name in path), len(path)


def _procedure(state: State, rules: Rules, site: Site) -> View:
    assert state.place.item is not None
    cards = rules.questionnaire.procedures[state.place.item]
    return _with(
        _base(state, rules, "ask.papers", state.place.item),
        tiles=tuple(Tile(None, card, f"card.{card}") for card in cards),
        buttons=(_GO_ON,),
        qr=dict(site.forms).get(state.place.item),
    )


def _danger(state: State, rules: Rules, site: Site) -> View:
    return _with(
        _base(state, rules, "say.danger", "call_now"),
        buttons=(_GO_ON,),
        numbers=emergency_numbers(site),
    )


def _told(state: State, site: Site, tappable: bool) -> tuple[Tile, ...]:
    shown = [(q, c) for q, c in state.answers if tappable or c != NOTHING_MORE]
    return tuple(
        _choice_tile(choice, f"answer:{question}", site)
        if tappable
        else Tile(None, *_picture_and_words(_choice_tile(choice, "", site)))
        for question, choice in shown
    )


def _picture_and_words(tile: Tile) -> tuple[str, str, str | None]:
    return tile.picture, tile.string_id, tile.literal


def _read_back(state: State, rules: Rules, site: Site) -> View:
    return _with(
        _base(state, rules, "ask.read_back", "read_back"),
        tiles=_told(state, site, tappable=False),
        buttons=(Tile("change", "change", "ui.change"), Tile("send", "send", "ui.send")),
        progress=_progress(state, rules),
    )


def _change(state: State, rules: Rules, site: Site) -> View:
    pages = session.change_pages(state)
    by_question = {t.target: t for t in _told(state, site, tappable=True)}
    tiles = [by_question[f"answer:{question}"] for question in pages[state.place.page]]
    base = _base(state, rules, "ask.change", "change")
    return _with(base, tiles=_closed(tiles, state, len(pages)))


def _voice(state: State, rules: Rules, site: Site) -> View:
    own = (_OWN_VOICE,) if state.voice_gate is VoiceGate.ON else ()
    tiles = (*own, _OTHER_VOICE, _NO_VOICE)
    return _with(_base(state, rules, "ask.voice", "ask_voice"), tiles=tiles)


def _recording(state: State, rules: Rules, site: Site) -> View:
    seconds = min(state.recorded_s, rules.record_for_s)
    return _with(
        _base(state, rules, "say.recording", "recording"),
        tiles=(_STOP,),
        rail=("", "", "home", "back"),
        progress=(int(seconds * RECORDING_DOTS / rules.record_for_s), RECORDING_DOTS),
    )


def _preview(state: State, rules: Rules, site: Site) -> View:
    base = _base(state, rules, "ask.preview", "preview")
    return _with(base, tiles=(_KEEP, _SPEAK_AGAIN, _NO_VOICE))


def _done(state: State, rules: Rules, site: Site) -> View:
    prompt = f"say.{state.place.item or 'done'}"
    base = _base(state, rules, prompt, "kept")
    return _with(base, buttons=(_FINISH,), rail=("", "again", "", ""))


def _notices(state: State, rules: Rules, site: Site) -> View:
    names = rules.questionnaire.standing_notices
    tiles = tuple(
        Tile(f"notice:{name}", name, f"notice.{name.removeprefix('notice_')}") for name in names
    )
    return _with(_base(state, rules, "ask.notices", "listen_notices"), tiles=tiles)


def _notice(state: State, rules: Rules, site: Site) -> View:
    assert state.place.item is not None
    name = state.place.item.removeprefix("notice_")
    return _with(_base(state, rules, f"advice.{name}", state.place.item), buttons=(_BACK,))


def _phone(state: State, rules: Rules, site: Site) -> View:
    """Two steps: a code to join the Wi-Fi, then one to open the page and what it must show."""
    wifi = site.hotspot
    if wifi is None:
        return _no_phone(state, rules, site)
    if state.place.item == session.JOIN:
        join = _base(state, rules, "say.join", "mobile_off")
        return _with(join, qr=wifi.wifi_qr, numbers=(("ui.wifi", wifi.ssid),), buttons=(_GO_ON,))
    phrase = tuple(_choice_tile(picture, "", site) for picture in wifi.phrase)
    shown = tuple(Tile(None, *_picture_and_words(tile)) for tile in phrase)
    page = _base(state, rules, "say.open", "open_page")
    return _with(page, qr=wifi.address, tiles=shown, buttons=(_FINISH,))


def _form(state: State, rules: Rules, site: Site) -> View:
    assert state.place.item is not None
    base = _base(state, rules, "say.phone", state.place.item)
    return _with(base, qr=dict(site.forms).get(state.place.item), buttons=(_BACK,))


def _full(state: State, rules: Rules, site: Site) -> View:
    urgent = state.gate is GateKind.URGENT_ONLY
    return _with(
        _base(state, rules, "say.full", "full"),
        buttons=(Tile("urgent", "danger_yes", "ui.urgent"), _FINISH) if urgent else (_FINISH,),
    )


def _message(
    prompt: str, picture: str, *buttons: Tile, rail: bool = True
) -> Callable[[State, Rules, Site], View]:
    def build(state: State, rules: Rules, site: Site) -> View:
        base = _with(_base(state, rules, prompt, picture), buttons=buttons)
        return base if rail else _with(base, rail=("", "again", "", ""))

    return build


def _closed_screen(state: State, rules: Rules, site: Site) -> View:
    numbers = (("ui.station", site.station_phone),) if site.station_phone else ()
    return _with(_base(state, rules, "say.closed", "closed"), buttons=(_FINISH,), numbers=numbers)


_GO_ON = Tile("go_on", "ok", "ui.go_on")
_FINISH = Tile("finish", "home", "ui.finish")
_BACK = Tile("back", "back", "ui.back")

_OWN_VOICE = Tile("voice:own", "voice_own", "ui.voice_own")
_OTHER_VOICE = Tile("voice:other", "voice_other", "ui.voice_other")
_NO_VOICE = Tile("voice:none", "voice_none", "ui.voice_none")
_SEND_PICTURES = Tile("voice:none", "send", "ui.send")
_RECORD = Tile("record", "record", "ui.record")
_STOP = Tile("stop", "recording", "ui.stop")
_KEEP = Tile("keep", "voice_keep", "ui.keep")
_SPEAK_AGAIN = Tile("record", "voice_again", "ui.record_again")
_RECORDED = Line("", "", recorded=True)

_no_phone = _message("say.wait", "fault", _FINISH)

_SCREENS: dict[Screen, Callable[[State, Rules, Site], View]] = {
    Screen.START: _start,
    Screen.MENU: _menu,
    Screen.QUESTION: _question,
    Screen.PROCEDURE: _procedure,
    Screen.DANGER: _danger,
    Screen.READ_BACK: _read_back,
    Screen.CHANGE: _change,
    Screen.SENDING: _message("say.sending", "send", rail=False),
    Screen.DONE: _done,
    Screen.VOICE: _voice,
    Screen.VOICE_WARNING: _message("say.voice_warning", "voice_warning", _NO_VOICE, _RECORD),
    Screen.RECORDING: _recording,
    Screen.MASKING: _message("say.masking", "masking", rail=False),
    Screen.PREVIEW: _preview,
    Screen.UNHEARD: _message("say.unheard", "unheard", _NO_VOICE, _RECORD),
    Screen.VOICELESS: _message("say.voiceless", "voiceless", _SEND_PICTURES),
    Screen.NOTICES: _notices,
    Screen.NOTICE: _notice,
    Screen.PHONE: _phone,
    Screen.FORM: _form,
    Screen.WAIT: _message("say.wait", "fault", _FINISH),
    Screen.FULL: _full,
    Screen.CLOSED: _closed_screen,
    Screen.FAULT: _message(
        "say.fault", "fault", _FINISH, Tile("send", "send", "ui.send_again"), rail=False
    ),
}


def strings_of_screens() -> frozenset[str]:
    """The ids of the strings that screens name themselves, besides the questionnaire's."""
    return _STRINGS


_STRINGS = frozenset(
    {
        f"ask.{name}"
        for name in ("menu", "papers", "read_back", "change", "notices", "voice", "preview")
    }
    | {f"say.{n}" for n in ("greeting", "danger", "sending", "done", "phone", "wait", "full")}
    | {"say.closed", "say.fault", "say.idle", "say.join", "say.open"}
    | {f"say.{n}" for n in ("voice_warning", "recording", "masking", "unheard", "voiceless")}
    | {f"ui.{n}" for n in ("voice_own", "voice_other", "voice_none", "keep", "record", "stop")}
    | {"say.voice_lost", "ui.record_again"}
    | {"language.vi", "language.hmn"}
    | {f"ui.{n}" for n in ("more", "go_on", "finish", "back", "change", "send", "send_again")}
    | {"ui.police", "ui.station", "ui.urgent", "ui.home", "ui.again", "ui.phone", "ui.wifi"}
)
