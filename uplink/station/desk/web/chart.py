"""Geometry of a chart of stacked columns, which a template draws as SVG."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 760, 260
_LEFT, _BOTTOM, _TOP = 34, 26, 10
_FILLED = 0.62


class Block(NamedTuple):
    """One part of a column; `series` is the place of its series among all."""

    x: float
    y: float
    width: float
    height: float
    series: int
    told: str


class Chart(NamedTuple):
    """Blocks, names under the columns as (x, name), lines of the scale as (y, number), and all the
    numbers by series."""

    blocks: list[Block]
    names: list[tuple[float, str]]
    lines: list[tuple[float, int]]
    numbers: Mapping[str, Sequence[int]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT


def stacked(names: Sequence[str], series: Mapping[str, Sequence[int]]) -> Chart:
    """A column for each of `names`; `series` gives a number for each column."""
    highest = max((sum(numbers) for numbers in zip(*series.values(), strict=True)), default=0)
    step = _step(highest)
    top = max(step, -(-highest // step) * step)
    scale = (HEIGHT - _BOTTOM - _TOP) / top
    column = (WIDTH - _LEFT) / max(1, len(names))
    middles = [_LEFT + column * (place + 0.5) for place in range(len(names))]
    ground = HEIGHT - _BOTTOM
    blocks: list[Block] = []
    for place, middle in enumerate(middles):
        y = float(ground)
        for number, (title, numbers) in enumerate(series.items()):
            height = numbers[place] * scale
            if height:
                y -= height
                told = f"{names[place]}, {title}: {numbers[place]}"
                width = column * _FILLED
                blocks.append(Block(middle - width / 2, y, width, height, number, told))
    lines = [(ground - at * scale, at) for at in range(0, top + 1, step)]
    return Chart(blocks, list(zip(middles, names, strict=True)), lines, series)


def _step(highest: int) -> int:
    """The distance of the scale's lines, of which there are five at most."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if highest <= 4 * size * factor:
                return size * factor
        size *= 10
