"""The diagram of all screens in docs/architecture.md, made from what the handlers do.

    python -m tests.screen_diagram        # run it after a handler has changed

Home, Back, the quick exit and the end of an idle visit are on nearly every screen and left out.
"""

import re
from functools import cache
from pathlib import Path

from kiosk.flow.model import Screen
from tests.transitions import edges

PAGE = Path(__file__).parent.parent / "docs" / "architecture.md"
EVERYWHERE = {"home", "back", "quit", "Tick", "finish"}
_BLOCK = re.compile(r"(<!-- screens -->\n).*?(<!-- /screens -->)", re.DOTALL)


@cache
def diagram() -> str:
    """The diagram as Mermaid source."""
    order = list(Screen)
    lines = [
        f"    {before.value} --> {after.value}: {', '.join(sorted(verbs - EVERYWHERE))}"
        for (before, after), verbs in sorted(
            edges().items(), key=lambda edge: tuple(order.index(screen) for screen in edge[0])
        )
        if verbs - EVERYWHERE
    ]
    return "\n".join(("```mermaid", "stateDiagram-v2", "    [*] --> start", *lines, "```", ""))


def with_diagram(page: str) -> str:
    """The page with today's diagram between its marks."""
    return _BLOCK.sub(lambda found: f"{found[1]}{diagram()}{found[2]}", page)


if __name__ == "__main__":
    PAGE.write_text(with_diagram(PAGE.read_text("utf-8")), "utf-8")
