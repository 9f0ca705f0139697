"""A sound server for the tests that listen."""

import os
import shutil

import pytest

from tests.audio.hall import hall


@pytest.fixture(scope="session")
def server():
    """One server for all of them; PortAudio in this process plays on it."""
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


@pytest.fixture
def heard(server):
    """What the loudspeaker plays during one test."""
    ear = server.ear("speaker")
    yield ear
    ear.close()


@pytest.fixture
def overheard(server):
    """What the handset plays during one test."""
    ear = server.ear("handset")
    yield ear
    ear.close()
