"""What the page must show and have sent, from the kiosk's view of the reference's state."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.ui.phone.flow.kiosk_side import (
    ATTACHMENT_PLAINTEXTS,
    ICON_PLAINTEXT,
    LANGUAGES,
    GateKind,
    Place,
    Screen,
    Tile,
    View,
    build_report,
    reports,
    view_of,
)
from tests.ui.phone.flow.reference import EXTRA, Draft, Reference
from tests.ui.phone.flow.world import ASKED, PHOTO, SITE, box_key

Shown = dict[str, Any]

_ONLY_KIOSK = ("more", "change", "phone", "form", "notices:standing")
_CHOICES = ("lang", "box", "choice", "notice", "family", "picture")
_NEXT = ["next", "ok", "ui.go_on"]
_HAVE_CODE = ["enter_code", "have_code", "ui.have_code"]
_NO_PHOTO = ["no_photo", "back", "ui.no_photo"]
_COUNTED = (Screen.QUESTION, Screen.FAMILY, Screen.PICTURE)
_ICONS_KIND, _PHOTO_KIND = 1, 3


def expected(reference: Reference) -> Shown:
    """The same as node/walk.mjs tells of the page; a page that was refused ends the comparison."""
    effects = {
        "sent": [_part(reference, draft, part) for draft, part in reference.sent],
        "asked": [list(code) for code in reference.asked],
    }
    if reference.refused:
        closed = reference.world.gate is GateKind.CLOSED
        return {"screen": "closed" if closed else "full", **effects}
    shown = view_of(reference.state, reference.rules, SITE)
    return {
        "language": reference.language,
        "box": reference.state.box or "",
        "photos": int(reference.photo),
        "navigation": _navigation(reference) if "back" in shown.rail else [],
        "quit": shown.quick_exit,
        **(_extra(reference) if reference.on_extra else _as_on_kiosk(reference, shown)),
        **effects,
    }


def _navigation(reference: Reference) -> list[str]:
    return ["back", "home", *(one for one in LANGUAGES if one != reference.language)]


def _extra(reference: Reference) -> Shown:
    return {
        "screen": EXTRA,
        "prompt": "ask.extra",
        "picture": "",
        "tiles": [],
        "actions": sorted([_NEXT, _NO_PHOTO] if reference.photo else [_NEXT]),
        "written": [],
        "progress": None,
        "text": reference.text,
    }


def _as_on_kiosk(reference: Reference, shown: View) -> Shown:
    screen = reference.state.place.screen
    pages = list(_pages(reference, shown))
    buttons = shown.buttons if screen is Screen.READ_BACK else pages[-1].buttons
    all_tiles = [*(tile for page in pages for tile in page.tiles), *buttons]
    tiles, actions, written = [], [], []
    for tile in all_tiles:
        kind, value, picture, words = _entry(tile, reference.language)
        if value in _ONLY_KIOSK or (value == "notices" and not reference.world.board.notices):
            continue
        if screen is Screen.ANSWER and tile.literal:
            written.append(words)
        elif kind == "action":
            actions.append([value, picture, words])
        else:
            tiles.append([kind, value, picture, words])
    if screen is Screen.MENU:
        actions.append(_HAVE_CODE)
    if screen is Screen.READ_BACK and (reference.text or reference.photo):
        tiles.append(["change", EXTRA, "change", reference.text])
    if screen is Screen.PROCEDURE:
        written += [_written(text, reference.language) for page in pages for text in page.told]
    name = screen.value
    return {
        "screen": "photo_lost" if reference.state.place.item == "voice_lost" else name,
        "prompt": _prompt(reference, shown),
        "picture": shown.picture,
        "tiles": tiles,
        "actions": sorted(actions),
        "written": sorted(written),
        "progress": list(shown.progress) if screen in _COUNTED else None,
        "text": "",
    }


def _prompt(reference: Reference, shown: View) -> str:
    if reference.state.place.screen is Screen.NOTICE and shown.told:
        return _written(shown.told[0], reference.language)
    if reference.said and reference.said.startswith("say."):
        return reference.said
    return shown.prompt.replace("voice_lost", "photo_lost")


def _pages(reference: Reference, shown: View) -> Iterator[View]:
    """Every page of the screen; for the pictures read back, those of the screen for changes."""
    place = reference.state.place
    if place.screen is Screen.READ_BACK:
        place = Place(Screen.CHANGE)
    place = replace(place, page=0)
    while True:
        is_shown = place == reference.state.place
        page = shown if is_shown else _view(reference, place)
        yield page
        if not _goes_on(reference, place, page):
            return
        place = replace(place, page=place.page + 1)


def _view(reference: Reference, place: Place) -> View:
    return view_of(replace(reference.state, place=place), reference.rules, SITE)


def _goes_on(reference: Reference, place: Place, page: View) -> bool:
    if place.screen is Screen.PROCEDURE:
        written = reference.world.board.procedures.get(place.item or "")
        return bool(written and written.lines) and not place.page
    onward = "go_on" if place.screen is Screen.ANSWER else "more"
    return onward in [tile.target for tile in (*page.tiles, *page.buttons)]


def _entry(tile: Tile, language: str) -> tuple[str, str, str, str]:
    """(kind of button, its value, picture, words); the first two empty where nothing is tapped."""
    words = _written(tile.told, language) if tile.told else tile.literal or tile.string_id
    verb, _, argument = (tile.target or "shown").partition(":")
    if verb == "shown":
        return "", "", tile.picture, words
    if verb == "answer":
        return "change", argument, tile.picture, words
    if verb in _CHOICES:
        return "choice", argument, tile.picture, words
    value = {"ui.go_on": "next", "ui.try_code": "enter_code"}.get(tile.string_id, verb)
    return "action", value, tile.picture, words


def _written(text: Any, language: str) -> str:
    return "".join(text.shown(language))


def _part(reference: Reference, draft: Draft, part: str) -> list[Any]:
    """Head, length and bytes of what is sealed, its last zeros left out."""
    urgent = ASKED.is_urgent(draft.filing.answers)
    report_id = bytes([draft.number + 1]) * reports.REPORT_ID_BYTES
    if part == "photo":
        kind, padded = _PHOTO_KIND, reports.pad(PHOTO, ATTACHMENT_PLAINTEXTS[0])
    else:
        day = reference.world.day
        code = draft.answered_with
        report = replace(
            build_report(draft.filing, ASKED, day and f"{day} pm" if urgent else day),
            report_id=report_id,
            channel="phone",
            text=draft.text.strip() or None,
            answer_key=box_key(code) if code else None,
        )
        kind, padded = _ICONS_KIND, reports.pad(reports.encode(report), ICON_PLAINTEXT)
    head = bytes([kind, urgent]) + report_id
    return [head.hex(), len(padded), padded.rstrip(b"\0").hex()]
