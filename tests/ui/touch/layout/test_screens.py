"""Fingers are wide and tremble: sizes and gaps hold on every panel, for every screen."""

from itertools import combinations

import pytest

from kiosk.device.site import Site
from kiosk.flow.machine import new_state
from kiosk.views.screens import view
from tests.kiosk.every_view import RULES, VIEWS
from tests.ui.touch.place import PANELS
from ui.touch.drawing import qr
from ui.touch.layout import screens
from ui.touch.layout.geometry import Panel, Rect
from ui.touch.layout.placement import QUICK_EXIT, Scene, Shape, place, target_at

FINGER_MM, NAV_MM, APART_MM = 20.0, 15.0, 6.35


@pytest.fixture(params=PANELS, ids=lambda p: f"{p[0]}x{p[1]}-{p[2]:g}mm")
def panel(request: pytest.FixtureRequest) -> Panel:
    return Panel(*request.param)


def scenes(panel: Panel) -> list[Scene]:
    return [place(shown, panel) for shown in VIEWS]


def test_the_walk_reaches_every_kind_of_screen() -> None:
    assert {shown.screen.value for shown in VIEWS} >= {
        "start", "menu", "question", "procedure", "danger", "read_back", "change", "sending",
        "done", "notices", "notice", "phone", "form", "full", "closed", "fault",
    }  # fmt: skip


def test_every_target_is_as_large_as_a_finger(panel: Panel) -> None:
    least = panel.px(FINGER_MM)
    for scene in scenes(panel):
        nav = {target for target, _ in scene.rail} | {QUICK_EXIT}
        for target, where in scene.targets.items():
            height = panel.px(NAV_MM) if target in nav else least
            assert where.w >= least, (scene.view.screen, target)
            assert where.h >= height, (scene.view.screen, target)


def test_targets_keep_their_distance(panel: Panel) -> None:
    for scene in scenes(panel):
        for one, other in combinations(scene.targets.values(), 2):
            assert not one.overlaps(other)
            assert one.gap_to(other) >= panel.px(APART_MM), scene.view.screen


def test_nothing_leaves_the_screen_or_covers_the_band(panel: Panel) -> None:
    for scene in scenes(panel):
        for where in _everything(scene):
            assert where.x >= 0
            assert where.right <= panel.width
            assert where.y >= screens.band(panel).bottom
            assert where.bottom <= panel.height


def test_nothing_covers_anything_else(panel: Panel) -> None:
    for scene in scenes(panel):
        if scene.shape is Shape.START:
            continue
        for one, other in combinations(_everything(scene), 2):
            assert not one.overlaps(other), scene.view.screen


def test_navigation_has_the_same_places_on_every_screen(panel: Panel) -> None:
    places: dict[str, set[Rect]] = {}
    for scene in scenes(panel):
        for target, where in scene.rail:
            places.setdefault(target.partition(":")[0], set()).add(where)
        if QUICK_EXIT in scene.targets:
            places.setdefault(QUICK_EXIT, set()).add(scene.targets[QUICK_EXIT])
    assert set(places) == {"lang", "again", "home", "back", QUICK_EXIT}
    assert all(len(where) == 1 for where in places.values())


def test_a_finger_beside_the_drawing_still_hits_it_and_the_middle_of_a_gap_hits_nothing(
    panel: Panel,
) -> None:
    for scene in scenes(panel):
        for target, where in scene.targets.items():
            beside = (where.right + panel.px(2.0), where.centre[1])
            assert target_at(scene, panel, where.centre) == target
            assert target_at(scene, panel, beside) == target


def test_no_spot_belongs_to_two_targets(panel: Panel) -> None:
    reach = panel.px(screens.HIT_MARGIN_MM)
    for scene in scenes(panel):
        for one, other in combinations(scene.targets.values(), 2):
            assert not one.grown(reach).overlaps(other.grown(reach)), scene.view.screen


def test_send_stands_far_from_change(panel: Panel) -> None:
    change, send = screens.buttons(panel, 2)
    assert change.gap_to(send) >= panel.px(20.0)


def test_without_a_hotspot_the_languages_have_the_whole_width(panel: Panel) -> None:
    without = place(view(new_state(0.0), RULES, Site()), panel)
    assert "phone" not in without.targets
    assert without.buttons[0].place.right - without.tiles[-1].place.right <= 1


def test_codes_for_phones_have_whole_modules_of_six_pixels_or_more(panel: Panel) -> None:
    codes = [place(v, panel) for v in VIEWS if v.screen.value in ("phone", "form")]
    assert {scene.view.prompt for scene in codes} == {"say.join", "say.open", "say.phone"}
    for scene in codes:
        assert scene.view.qr is not None
        assert scene.code is not None
        modules = len(qr.modules(scene.view.qr))
        where = screens.qr_place(modules, scene.code)
        assert where.w % modules == 0
        assert where.w // modules >= 6
        assert where.w >= 300


def _everything(scene: Scene) -> list[Rect]:
    places = [p.place for p in (*scene.tiles, *scene.buttons)]
    places += [where for _, where in scene.rail]
    if scene.code is not None:
        places.append(scene.code)
    if scene.header is not None:
        places.append(scene.header.quick_exit)
    if scene.message is not None:
        places.append(scene.message.words)
        places += [scene.message.picture]
        places += [scene.message.numbers] if scene.view.numbers else []
    elif scene.header is not None:
        places += [scene.header.picture, scene.header.text, scene.header.dots]
    return places
