"""Page and kiosk go the same way, step by step, on thousands of random walks.

The page's own script runs under Node between a simulated document and a simulated hall, the kiosk's
session beside it; flow/reference.py says where the two differ on purpose. Screens, what they offer,
codes that are asked for and bytes that would be sealed are compared after every step.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.phone.flow.mutants import MUTANTS, Mutant
from tests.ui.phone.flow.page import Page, copy_of_script, page_from
from tests.ui.phone.flow.walks import first_parting, parting, random_walk, shrunk

WALKS = 2000
PARTS = 4
SCREENS = {
    *("start", "menu", "question", "danger", "extra", "read_back", "sending", "fault"),
    *("done", "photo_lost", "code", "family", "picture", "mistap", "opening", "answer"),
    *("no_answer", "tries", "notices", "notice", "procedure", "full", "closed"),
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with page_from(copy_of_script(tmp_path_factory.mktemp("page"))) as made:
        yield made


@pytest.mark.parametrize("part", range(PARTS))
def test_page_and_kiosk_go_the_same_way(page: Page, part: int) -> None:
    parted = first_parting(page, range(part, WALKS, PARTS))
    if parted:
        seed, walk = parted
        pytest.fail(f"seed {seed}, shrunk to: {parting(page, shrunk(page, walk))}")


def test_the_walks_come_to_every_screen() -> None:
    shown = Counter(one["screen"] for seed in range(200) for one in random_walk(seed).shown)
    assert shown.keys() == SCREENS


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_fault_in_the_page_is_found(mutant: Mutant, tmp_path: Path) -> None:
    web = copy_of_script(tmp_path)
    mutant.apply(web)
    with page_from(web) as page:
        parted = first_parting(page, range(WALKS))
        assert parted, f"no walk finds that {mutant.name}"
        assert "the page" in parting(page, parted[1]), "the page broke, which proves nothing"
