"""No change of the format goes unseen: each of these copies of the product fails on the vectors.

A mutant is the product with one line changed. Those of `HARMLESS` change no byte and must pass.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[3]
MESSAGES = "tests/kiosk/protocol/test_vectors.py"
LINK = "tests/kiosk/protocol/test_link_vectors.py"
SEALS = "tests/kiosk/protocol/test_seal_vectors.py"
UPLINK = "tests/uplink/link/test_vectors.py"


class Mutant(NamedTuple):
    """The file, what stands in it and what instead, and the tests that read its vectors."""

    path: str
    old: str
    new: str
    tests: str


VOICE = "    voice: str | None = None\n"
HARMLESS = [
    Mutant("kiosk/protocol/report.py", VOICE, "    later: str | None = None\n" + VOICE, MESSAGES),
    Mutant("kiosk/protocol/report.py", "    day=10,\n    answer_key=11,\n",
           "    answer_key=11,\n    day=10,\n", MESSAGES),
]  # fmt: skip

KEYS = [
    Mutant("kiosk/protocol/report.py", "voice=13", "voice=14", MESSAGES),
    Mutant("kiosk/protocol/report.py", "where=4,\n    when=5", "where=5,\n    when=4", MESSAGES),
    Mutant("kiosk/protocol/reply.py", "voice=4", "voice=5", MESSAGES),
    Mutant("kiosk/protocol/message.py", "issued=3, valid_until=4", "issued=4, valid_until=3",
           MESSAGES),
    Mutant("kiosk/protocol/notice.py", "vi=1, hmn=2", "vi=2, hmn=1", MESSAGES),
    Mutant("kiosk/protocol/notice.py", "audio=2", "audio=3", MESSAGES),
    Mutant("kiosk/protocol/procedures.py", "procedures=1", "procedures=2", MESSAGES),
    Mutant("kiosk/protocol/sealing.py", "notice_key=4", "notice_key=5", MESSAGES),
    Mutant("kiosk/protocol/station_settings.py", "voice=3", "voice=4", MESSAGES),
    Mutant("uplink/link/health_report.py", "uptime=9", "uptime=10", UPLINK),
]  # fmt: skip

BYTES = [
    Mutant("kiosk/protocol/report.py", 'return data + b"\\x80"', 'return data + b"\\x81"', LINK),
    Mutant("kiosk/protocol/report.py", "ICON_PLAINTEXT = 2910", "ICON_PLAINTEXT = 2909", LINK),
    Mutant("kiosk/protocol/report.py", "(31_232, 128_336)", "(31_232, 128_335)", LINK),
    Mutant("kiosk/protocol/reply.py", "PLAINTEXT = 2048", "PLAINTEXT = 2047", MESSAGES),
    Mutant("kiosk/protocol/cbor.py", "canonical=True", "canonical=False", MESSAGES),
    Mutant("kiosk/protocol/message.py", "homthu message v1\"\n_SIG", "homthu message v2\"\n_SIG",
           MESSAGES),
    Mutant("kiosk/protocol/message.py", "len(data) // DOWN_BODY + 1", "len(data) // DOWN_BODY + 2",
           MESSAGES),
    Mutant("kiosk/protocol/sealing.py", "homthu manifest v1", "homthu manifest v2", MESSAGES),
    Mutant("kiosk/protocol/cells.py", '">BB16sHH"', '"<BB16sHH"', LINK),
    Mutant("kiosk/protocol/cells.py", '">B16sHB"', '"<B16sHB"', LINK),
    Mutant("kiosk/protocol/cells.py", "_URGENT = 1", "_URGENT = 2", LINK),
    Mutant("kiosk/protocol/cells.py", "DOWN_VERSION = 1", "DOWN_VERSION = 2", LINK),
    Mutant("kiosk/protocol/cells.py", 'ljust(_RECEIPTS, b"\\x00")', 'ljust(_RECEIPTS, b"\\x01")',
           LINK),
    Mutant("kiosk/protocol/cells.py", 'context + b"down"', 'context + b"dn"', LINK),
    Mutant("kiosk/protocol/cells.py", 'to_bytes(4, "big")', 'to_bytes(8, "big")', LINK),
    Mutant("uplink/link/carry_file.py", "HTCARRYD", "HTCARRYX", UPLINK),
    *(Mutant("kiosk/protocol/sealing.py", f"homthu {label} v1", f"homthu {label} v2", SEALS)
      for label in ("seal", "answer", "link master", "code wish", "code told")),
    Mutant("kiosk/common/key_derivation.py", "MEMORY_KIB = 3,", "MEMORY_KIB = 2,", SEALS),
    Mutant("kiosk/protocol/picture_code.toml", '"buffalo", "dog"', '"dog", "buffalo"', SEALS),
    Mutant("kiosk/device/hardware_key.py", "to the board v1", "to the board v2", SEALS),
]  # fmt: skip


@pytest.mark.heavy
def test_every_change_of_the_format_fails_on_the_vectors(tmp_path: Path) -> None:
    mutants = [*HARMLESS, *KEYS, *BYTES]
    for package in ("kiosk", "uplink"):
        shutil.copytree(ROOT / package, tmp_path / package,
                        ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "kiosk" / "protocol" / "mutant_runner.py"],
        input=json.dumps([mutant._asdict() for mutant in mutants]),
        cwd=tmp_path, stdout=subprocess.PIPE, text=True, check=True,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )  # fmt: skip
    outcomes = dict(zip(mutants, json.loads(done.stdout), strict=True))
    passed, failed = pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED
    expected = dict.fromkeys(HARMLESS, passed) | dict.fromkeys([*KEYS, *BYTES], failed)
    assert {mutant: code for mutant, code in outcomes.items() if code != expected[mutant]} == {}
