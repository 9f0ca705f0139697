"""What every part of one world shares."""

from dataclasses import dataclass, field
from random import Random

from tests.sim.faults import HEALED_AT, Faults
from tests.sim.product import Product
from tests.sim.timeline import Timeline


@dataclass(frozen=True)
class Setting:
    """The seed, what it makes go wrong, the classes under test, the end, and time."""

    seed: int
    faults: Faults
    product: Product
    end: float
    timeline: Timeline = field(default_factory=Timeline)

    @property
    def now(self) -> float:
        """Virtual seconds since the beginning."""
        return self.timeline.now

    @property
    def healed(self) -> bool:
        """Whether nothing goes wrong any more."""
        return self.now >= HEALED_AT

    def stream(self, name: str) -> Random:
        """A generator that draws the same whatever any other part has drawn."""
        return Random(f"{self.seed} {name}")
