"""The worlds of `make sim` in a short form, and proof that they notice mistakes."""

import logging
from collections.abc import Iterator

import pytest

from tests.sim.mutants import MUTANTS, DeleteOnPuback
from tests.sim.product import Product
from tests.sim.run import failures
from tests.sim.world import outcome, run

SEEDS = 300
SEEDS_OF_A_MUTANT = 40


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_nothing_is_lost_repeated_or_told_under_any_seed() -> None:
    assert failures(range(SEEDS), Product) == {}


@pytest.mark.parametrize(("mutant", "broken"), MUTANTS.items())
def test_a_mutant_is_caught(mutant: type[Product], broken: str) -> None:
    assert any(broken in run(seed, mutant()) for seed in range(SEEDS_OF_A_MUTANT))


def test_a_seed_is_the_same_world_again() -> None:
    once, again = (outcome(4, DeleteOnPuback(), with_reports=True) for _ in range(2))
    assert once == again
    assert once.wrong
    assert once.left
