"""The plaintext of a report filed in the real window is nowhere on disk and in no log."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.protocol.cells import Kind
from kiosk.protocol.report import unpad
from provisioning import demo
from provisioning.processes import python
from tests.traces import holding
from tests.ui.touch.place import ROOT, app, display
from uplink.station.keys import unlock
from uplink.station.receive.store import Store

CHOICES = "crime,weapons,gun,border_marker,long_ago,many,weapon_seen,danger_yes"


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> tuple[demo.Village, Path, bytes]:
    """A village after one visit, everything it printed, and the plaintext the station opened."""
    folder = tmp_path_factory.mktemp("canary")
    plan = demo.Plan((800, 480), ROOT / "build", False, False, None)
    village = demo.provision(folder / "village", plan)
    config, log = village.kiosk / "kiosk.toml", folder / "app.log"
    told: list[dict[str, object]] = []
    with display(800, 480) as on, demo.started(village):
        with app(config, on, log):
            subprocess.run(
                [sys.executable, "-m", "ui.touch.visit_driver", "--config", str(config), "--out",
                 str(folder / "shots"), "--language", "hmn", "--choices", CHOICES],
                check=True, cwd=ROOT, env={**os.environ, "DISPLAY": on},
            )  # fmt: skip
        assert demo.arrived(village, demo.PrintedReports(village, told.append), 1)
    assert told[0]["received"]["what"] == ["weapons", "gun", "weapon_seen"]  # type: ignore[index]
    store = Store(f"sqlite:///{village.station / 'station.db'}")
    (part,) = store.complete_parts(Kind.ICON)
    (key,) = unlock(village.station, demo.PASSPHRASE)
    plaintext = unpad(key.open(Kind.ICON, part.sealed))
    store.close()
    return village, log, plaintext


def test_the_plaintext_is_in_no_file_that_anybody_wrote(
    visited: tuple[demo.Village, Path, bytes],
) -> None:
    village, _, plaintext = visited
    assert len(plaintext) > 80
    assert holding(plaintext, village.folder.parent) == []
    assert holding(b"border_marker", village.folder.parent) == []


def test_the_reports_id_never_rests_on_the_kiosk(
    visited: tuple[demo.Village, Path, bytes],
) -> None:
    village, _, plaintext = visited
    report_id = plaintext[3 + plaintext.index(b"\x01\x50") - 1 :][:16]
    assert holding(report_id, village.kiosk) == []
    assert holding(report_id, village.station) != []


def test_no_answer_is_in_the_log_of_the_app(visited: tuple[demo.Village, Path, bytes]) -> None:
    _, log, _ = visited
    written = log.read_text("utf-8")
    assert not any(choice in written for choice in CHOICES.split(","))


def test_the_demo_refuses_a_wrong_size() -> None:
    told = subprocess.run(
        python("provisioning.main", "demo", "--size", "huge"), capture_output=True, text=True
    )
    assert told.returncode == 2
    assert "800x480" in told.stderr
