"""The page's own script, run by Node between a simulated document and a simulated hall."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.ui.phone.flow.kiosk_side import WEB, bundle
from tests.ui.phone.flow.reference import Step
from tests.ui.phone.flow.world import World, page_content

NODE = Path(__file__).parent / "node"
HPKE = ("hpke", "@panva/hpke-noble")


def copy_of_script(folder: Path) -> Path:
    """The page's modules in `folder`, where they find packages that seal nothing."""
    shutil.copytree(WEB, folder / "web")
    for package in HPKE:
        place = folder / "node_modules" / package
        place.mkdir(parents=True)
        shutil.copy(NODE / "clear_suite.mjs", place / "index.js")
        (place / "package.json").write_text('{"type": "module", "main": "index.js"}', "utf-8")
    return folder / "web"


class Page:
    """Answers each walk with what the page showed and sent after each of its steps."""

    def __init__(self, node: subprocess.Popen[str]) -> None:
        assert node.stdin
        assert node.stdout
        self._asks, self._answers = node.stdin, node.stdout

    def send(self, world: World, steps: Sequence[Step]) -> None:
        """Let the page walk; `receive` says what came of it."""
        self._asks.write(json.dumps({**world.for_page(), "steps": steps}) + "\n")
        self._asks.flush()

    def receive(self) -> list[dict[str, Any]]:
        """What the page showed at first, then after each step; `broke` where it raised."""
        trace: list[dict[str, Any]] = json.loads(self._answers.readline())
        for shown in trace:
            for unordered in ("actions", "written"):
                shown.get(unordered, []).sort()
        return trace


@contextmanager
def page_from(web: Path) -> Iterator[Page]:
    """The page whose modules lie in `web`, bundled as it is for phones."""
    script = web.parent / "page.js"
    script.write_text(bundle(web / "main.js", page_content()), "utf-8")
    command = ["node", str(NODE / "walk.mjs"), str(script)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as node:
        yield Page(node)
        assert node.stdin
        node.stdin.close()
