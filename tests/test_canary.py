"""The plaintext of a report, captured at sealing, is nowhere on disk and in no log."""

import subprocess
from pathlib import Path

import pytest

from kiosk import cells, report, sealing
from kiosk.outbox import Outbox
from provisioning import demo
from provisioning.processes import python

PLAN = demo.Plan((800, 480), Path("/usr/share/homthu"), False, False, None)


def test_the_plaintext_is_in_no_file_and_no_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    village = demo.provision(tmp_path / "village", PLAN)
    filed = report.Report(
        report.new_report_id(), "crime", ("theft", "canary_of_the_test"), "forest", "now", "few",
        True, "hmn", "touch", "2026-11-22 am",
    )  # fmt: skip
    plaintext = report.encode(filed)
    outbox = Outbox(village.kiosk / "touch.db", (village.kiosk / "row.key").read_bytes())
    manifest = sealing.read_manifest(
        (village.kiosk / "manifest.cbor").read_bytes(),
        (village.kiosk / "authority.pub").read_bytes(),
    )
    sealed = sealing.seal(
        cells.Kind.ICON, report.pad(plaintext, report.ICON_PLAINTEXT), manifest.keys[0]
    )
    outbox.put(cells.cut(cells.Kind.ICON, filed.urgent, filed.report_id, sealed))
    outbox.close()
    told: list[dict[str, object]] = []
    with demo.started(village):
        assert demo.arrived(village, demo.Inbox(village, told.append), 1)
    assert told[0]["received"]["what"] == ["theft", "canary_of_the_test"]  # type: ignore[index]

    logs = "".join(capfd.readouterr()).encode()
    everything = {path: path.read_bytes() for path in village.folder.rglob("*") if path.is_file()}
    assert len(everything) > 20
    station_store = village.station / "station.db"
    for trace in (plaintext, b"canary_of_the_test", filed.report_id.hex().encode()):
        assert trace not in logs
        assert [str(path) for path, data in everything.items() if trace in data] == []
    on_the_kiosk = [p for p, data in everything.items() if filed.report_id in data]
    assert set(on_the_kiosk) <= {station_store, station_store.with_name("station.db-wal")}


def test_the_canary_would_be_found(tmp_path: Path) -> None:
    leak = tmp_path / "leak.log"
    leak.write_bytes(b"...canary_of_the_test...")
    found = subprocess.run(
        ["grep", "-rl", "canary_of_the_test", str(tmp_path)], capture_output=True
    )
    assert str(leak).encode() in found.stdout


def test_the_demo_refuses_a_wrong_size() -> None:
    told = subprocess.run(
        python("provisioning.main", "demo", "--size", "huge"), capture_output=True, text=True
    )
    assert told.returncode == 2
    assert "800x480" in told.stderr
