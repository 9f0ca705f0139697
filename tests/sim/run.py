"""`python -m tests.sim.run --seeds N`: many worlds; prints every seed under which one fails."""

import argparse
import logging
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import count
from multiprocessing import get_context

from tests.sim.mutants import MUTANTS
from tests.sim.product import Product
from tests.sim.world import run

KINDS: tuple[type[Product], ...] = (Product, *MUTANTS)
PRODUCTS = {kind.__name__: kind for kind in KINDS}
PROGRESS_EVERY = 50


def failures(seeds: range, product: type[Product]) -> dict[int, tuple[str, ...]]:
    """What is wrong, by seed; seeds without a failure are left out."""
    found = {}
    began = time.monotonic()
    done = count(1)
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=_be_quiet) as pool:
        outcomes = pool.map(partial(_check, product), seeds, chunksize=5)
        for seed, wrong in zip(seeds, outcomes, strict=True):
            if wrong:
                found[seed] = wrong
                print(f"\nseed {seed}: {'; '.join(sorted(set(wrong)))}", flush=True)
            number = next(done)
            if number % PROGRESS_EVERY == 0 or number == len(seeds):
                passed = time.monotonic() - began
                line = f"\r{number} of {len(seeds)} seeds, {len(found)} failed, {passed:.0f} s"
                print(line, end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


def _check(product: type[Product], seed: int) -> tuple[str, ...]:
    return run(seed, product())


def _be_quiet() -> None:
    logging.disable(logging.CRITICAL)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many seeds")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--product", choices=PRODUCTS, default="Product", help="or a mutant")
    given = parser.parse_args()
    seeds = range(given.first, given.first + given.seeds)
    found = failures(seeds, PRODUCTS[given.product])
    print(f"{len(seeds)} seeds, {len(found)} failed: {list(found) or 'none'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
