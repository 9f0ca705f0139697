"""The handset's switch, played by a pipe that sends what the kernel would send."""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from audio.playback.handset import EV_KEY, EV_SW, EVENT, Handset
from tests.waiting import DEADLINE, wait_until

EV_SYN = 0
SW_HEADPHONE_INSERT, KEY_PHONE = 0x02, 169


def event(kind: int, code: int, value: int) -> bytes:
    return EVENT.pack(1, 2, kind, code, value)


Switch = tuple[SimpleQueue[bool], io.FileIO]
"""What was told, and the end of the pipe that the kernel would hold."""


@pytest.fixture
def switch(tmp_path: Path) -> Iterator[Switch]:
    path = tmp_path / "event0"
    os.mkfifo(path)
    told: SimpleQueue[bool] = SimpleQueue()
    Handset(str(path), told.put).start()
    with path.open("wb", buffering=0) as kernel:
        yield told, kernel


@pytest.mark.parametrize(("kind", "code"), [(EV_SW, SW_HEADPHONE_INSERT), (EV_KEY, KEY_PHONE)])
def test_lifting_and_hanging_up_is_told(switch: Switch, kind: int, code: int) -> None:
    told, kernel = switch
    for value in (1, 1, 0, 1):
        kernel.write(event(kind, code, value) + event(EV_SYN, 0, 0))
    assert [told.get(timeout=DEADLINE) for _ in range(3)] == [True, False, True]


def test_a_switch_that_goes_away_counts_as_hung_up(switch: Switch) -> None:
    told, kernel = switch
    kernel.write(event(EV_SW, SW_HEADPHONE_INSERT, 1))
    assert told.get(timeout=DEADLINE)
    kernel.close()
    assert not told.get(timeout=DEADLINE)


def test_a_missing_switch_is_logged_and_nothing_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told: SimpleQueue[bool] = SimpleQueue()
    handset = Handset(str(tmp_path / "none"), told.put)
    handset.start()
    wait_until(lambda: caplog.records)
    assert caplog.messages == ["E35"]
    assert told.empty()


def test_without_a_configured_switch_nothing_is_watched() -> None:
    Handset("", lambda _: pytest.fail("told")).start()
