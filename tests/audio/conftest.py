"""A sound server for the tests that listen."""

import os
import shutil

import pytest

from tests.audio.hall import SINKS, hall


@pytest.fixture(scope="module")
def server():
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
def ears(server):
    """One ear at each sink."""
    ears = {sink: server.ear(sink) for sink in SINKS}
    yield ears
    for ear in ears.values():
        ear.close()


@pytest.fixture
def heard(ears):
    """What the loudspeaker plays during one test."""
    ears["speaker"].forget()
    return ears["speaker"]


@pytest.fixture
def overheard(ears):
    """What the handset plays during one test."""
    ears["handset"].forget()
    return ears["handset"]
