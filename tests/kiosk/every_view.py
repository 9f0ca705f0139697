"""Every view of the kiosk, found by walking through the whole flow."""

from kiosk.content import questionnaire as questionnaires
from kiosk.device.site import Site
from kiosk.flow.machine import new_state, step
from kiosk.flow.model import Gate, GateKind, Kept, NotKept, Rules, Tap
from kiosk.views.model import View
from kiosk.views.screens import view
from tests.kiosk.visits import WIFI

SITE = Site(station_phone="0215 3 740 123", hotspot=WIFI, forms=(("residence", "https://dvc.vn"),))
RULES = Rules(questionnaires.load(), report_every_s=0)


def every_view() -> list[View]:
    """Walk through the whole flow, every tile and button of every screen, each state once."""
    start = new_state(0.0)
    waiting = [start, *(step(start, Gate(kind), RULES)[0] for kind in GateKind)]
    seen: dict[object, View] = {}
    while waiting and len(seen) < 400:
        state = waiting.pop()
        shown = view(state, RULES, SITE)
        key = (shown.screen, shown.prompt, len(shown.tiles), shown.buttons, shown.qr, state.gate)
        if key in seen:
            continue
        seen[key] = shown
        targets = [t.target for t in (*shown.tiles, *shown.buttons) if t.target]
        targets += ["phone", "notices", *(["form"] if shown.qr else [])]
        for number, target in enumerate(targets):
            spot = (len(state.spots), number)
            waiting.append(step(state, Tap(target, spot, 0.0), RULES)[0])
        waiting += [step(state, event, RULES)[0] for event in (Kept(0.0), NotKept(0.0))]
    return list(seen.values())


VIEWS = every_view()
