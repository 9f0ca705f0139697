"""`homthu-provision card` as its user runs it."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from provisioning import demo
from provisioning.main import main
from tests.ui.touch.place import ROOT


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["card", *map(str, arguments)])


def write(image: Path, bundle: Path, card: Path) -> Result:
    return run("write", image, bundle, card, "--yes", "--assets", ROOT / "build")


def verify(card: Path, *options: object) -> tuple[int, dict[str, bool | None]]:
    told = run("verify", card, "--json", *options)
    checks = json.loads(told.stdout)["checks"]
    return told.exit_code, {check["name"]: check["good"] for check in checks}


def everything(image: Path, village: demo.Village) -> tuple[object, ...]:
    return "--image", image, "--authority", village.folder / "authority"
