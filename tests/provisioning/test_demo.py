"""The village of `make run`: JSON lines only, and nothing left after Ctrl-C."""

import base64
import json
import signal
import subprocess
from pathlib import Path

import pytest

from kiosk.protocol.cells import Kind
from kiosk.protocol.report import ICON_PLAINTEXT, encode, pad
from kiosk.protocol.sealing import StationPublicKey, seal
from provisioning.processes import answers, python
from tests.ports import free_port
from tests.ui.phone.place import Hotspot, Phone, build_page
from tests.uplink.village import make_report
from tests.waiting import DEADLINE


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
        assert village.wait(DEADLINE) == 130
    assert not answers("127.0.0.1", port)
    assert not Path(ready["folder"]).exists()


def test_a_report_from_a_phone_is_read_at_the_station(tmp_path: Path) -> None:
    build_page(tmp_path / "phone")
    port = free_port()
    place = Hotspot(tmp_path, "127.0.0.1", port)
    with subprocess.Popen(
        python("provisioning.main", "demo", "--no-touch", "--assets", tmp_path,
               "--phone", f"127.0.0.1:{port}"),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as village:  # fmt: skip
        assert village.stdout is not None
        assert "ready" in json.loads(village.stdout.readline())
        assert json.loads(village.stdout.readline()) == {"phone": f"http://127.0.0.1:{port}/"}
        phone = Phone(place)
        key = StationPublicKey(base64.b64decode(phone.site()["station_key"]))
        told = make_report(channel="phone", what=("phone_fraud",))
        padded = pad(encode(told), ICON_PLAINTEXT)
        body = bytes([Kind.ICON, 0]) + told.report_id + seal(Kind.ICON, padded, key)
        assert phone.post(body) == phone.post(body) == (200, {"kept": True})
        received = json.loads(village.stdout.readline())["received"]
        assert (received["channel"], received["what"]) == ("phone", ["phone_fraud"])
        village.send_signal(signal.SIGINT)
        assert village.wait(DEADLINE) == 130


def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    told = subprocess.run(
        python("provisioning.main", "demo", "--phone", "8080"), capture_output=True, text=True
    )
    assert told.returncode == 2
    assert "10.42.0.1:8080" in told.stderr
