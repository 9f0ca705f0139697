"""The village of `make run`: JSON lines only, and nothing left after Ctrl-C."""

import json
import signal
import subprocess
from pathlib import Path

import pytest

from provisioning.processes import answers, python


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_village_ends_cleanly_when_it_is_stopped(ending: signal.Signals) -> None:
    with subprocess.Popen(
        python("provisioning.main", "demo", "--no-touch"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as village:
        assert village.stdout is not None
        ready = json.loads(village.stdout.readline())["ready"]
        port = int(ready["broker"].rpartition(":")[2])
        assert answers("127.0.0.1", port)
        village.send_signal(ending)
        assert village.wait(60) == 130
    assert not answers("127.0.0.1", port)
    assert not Path(ready["folder"]).exists()
