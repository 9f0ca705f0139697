"""The station's command in a process of its own."""

import subprocess
import sys

from tests.uplink.village import ROOT, Village
from tests.waiting import DEADLINE


def station_command(village: Village, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "uplink.station.commands.main", *arguments]
    config = ["--config", str(village.station / "station.toml")]
    return subprocess.Popen(
        [*command, *config], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "uplink.station.commands.main", *arguments]
    return subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        input=stdin,
        timeout=DEADLINE,
        check=False,
    )
