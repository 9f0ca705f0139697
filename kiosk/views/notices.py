"""The screens of what the station tells: notices, and procedures with their forms."""

from dataclasses import replace

from kiosk.content.questionnaire import paged
from kiosk.device.site import Site
from kiosk.flow.model import Rules, VisitState
from kiosk.views import code
from kiosk.views.model import BACK, GO_ON, Tile, View, base_view


def notice_tiles(state: VisitState, rules: Rules) -> tuple[Tile, ...]:
    """What the station has told, newest first, then the advice that always stands."""
    posted = (
        Tile(f"notice:{found.notice_id}", found.picture, told=found.text.opening())
        for found in state.board.notices
    )
    standing = (
        Tile(f"notice:{name}", name, f"notice.{name.removeprefix('notice_')}")
        for name in rules.questionnaire.standing_notices
    )
    return (*posted, *standing)


def notices(state: VisitState, rules: Rules, site: Site) -> View:
    """All notices, six pictures a page; the way to an answer stands first."""
    own = (code.HAVE_CODE,) if state.language else ()
    pages = paged((*own, *notice_tiles(state, rules)))
    page = min(state.place.page, len(pages) - 1)
    more = (Tile("more", "more", "ui.more"),) if page + 1 < len(pages) else ()
    base = base_view(state, rules, "ask.notices", "listen_notices")
    return replace(base, tiles=(*pages[page], *more))


def notice(state: VisitState, rules: Rules, site: Site) -> View:
    """One notice in full."""
    assert state.place.item is not None
    posted = state.board.notice(state.place.item)
    if posted is not None:
        base = base_view(state, rules, "ask.notices", posted.picture)
        return replace(base, told=(posted.text,), buttons=(BACK,))
    name = state.place.item.removeprefix("notice_")
    return replace(base_view(state, rules, f"advice.{name}", state.place.item), buttons=(BACK,))


def procedure(state: VisitState, rules: Rules, site: Site) -> View:
    """What to bring and where to go; on its second page what the station has written about it."""
    assert state.place.item is not None
    base = replace(base_view(state, rules, "ask.papers", state.place.item), buttons=(GO_ON,))
    written = state.board.procedures.get(state.place.item)
    if state.place.page and written is not None:
        return replace(base, told=written.lines)
    cards = written.cards if written else rules.questionnaire.procedures[state.place.item]
    tiles = tuple(Tile(None, card, f"card.{card}") for card in cards)
    return replace(base, tiles=tiles, qr=_form_of(state, site))


def form(state: VisitState, rules: Rules, site: Site) -> View:
    """The code of a procedure's form."""
    assert state.place.item is not None
    base = base_view(state, rules, "say.phone", state.place.item)
    return replace(base, qr=_form_of(state, site), buttons=(BACK,))


def _form_of(state: VisitState, site: Site) -> str | None:
    """The address of a procedure's form: the station's word counts before provisioning's."""
    name = state.place.item or ""
    written = state.board.procedures.get(name)
    return (written.form if written else "") or dict(site.forms).get(name)
