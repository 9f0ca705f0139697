"""A sound server for the tests that listen."""

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.audio.hall import MICROPHONE, SINKS, Ear, Hall, hall
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def server() -> Iterator[Hall]:
    """One server for a module; PortAudio in this process plays on it."""
    if not all(map(shutil.which, ("pulseaudio", "parec"))):
        pytest.skip("needs pulseaudio")
    import sounddevice

    before = dict(os.environ)
    with hall() as here:
        os.environ.update(here.environment)
        sounddevice._terminate()
        sounddevice._initialize()
        yield here
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def ears(server: Hall) -> Iterator[dict[str, Ear]]:
    """One ear at each sink."""
    ears = {sink: server.ear(sink) for sink in SINKS}
    yield ears
    for ear in ears.values():
        ear.close()


@pytest.fixture(scope="module")
def microphone(server: Hall) -> Iterator[str]:
    """The name of a microphone, kept awake: one that nobody hears hands over only every 2 s."""
    ear = server.ear(MICROPHONE)
    yield MICROPHONE
    ear.close()


def quiet(ear: Ear) -> Ear:
    """The ear, when it hears nothing any more of the test before."""
    wait_until(lambda: ear.is_silent(0.1))
    ear.forget()
    return ear


@pytest.fixture
def heard(ears: dict[str, Ear]) -> Ear:
    """What the loudspeaker plays during one test."""
    return quiet(ears["speaker"])


@pytest.fixture
def overheard(ears: dict[str, Ear]) -> Ear:
    """What the handset plays during one test."""
    return quiet(ears["handset"])
