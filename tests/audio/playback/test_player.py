"""The player on a real sound server: what is heard is what was to be said."""

import shutil
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from audio.playback.aplay import Aplay, pcm
from audio.playback.output import Devices, Output
from audio.playback.player import BLOCK, Player
from audio.speech.sound import RATE, Samples, sound
from kiosk.common.errors import SoundDeviceError
from tests.audio.hall import ALIKE, AUDIBLE, UNLIKE, Ear, Hall, babble, is_heard, likeness, play
from tests.waiting import DEADLINE, wait_until

BOTH = Devices("speaker", "handset")


FIRST, SECOND = babble(1.0, 1), babble(0.5, 2)


@pytest.fixture(params=[Player, Aplay])
def output(request: pytest.FixtureRequest, server: Hall) -> Iterator[Output]:
    if request.param is Aplay and not shutil.which("aplay"):
        pytest.skip("needs alsa-utils")
    output: Output = request.param(BOTH)
    yield output
    output.close()


@pytest.fixture
def player(server: Hall) -> Iterator[Player]:
    player = Player(BOTH)
    yield player
    player.close()


class Playing:
    """A sound that plays in a thread of its own and can be cancelled."""

    def __init__(self, output: Output, samples: Samples) -> None:
        self._cancelled = threading.Event()
        arguments = (sound(samples, 1.0), False, self._cancelled)
        self._thread = threading.Thread(target=output.play, args=arguments)
        self._thread.start()

    def cancel(self) -> None:
        self._cancelled.set()
        self._thread.join(DEADLINE)
        assert not self._thread.is_alive()


def loud(ear: Ear) -> bool:
    return len(ear.sound) > RATE // 2


def test_a_clip_is_heard_as_it_is(output: Output, heard: Ear) -> None:
    assert is_heard(heard, output, FIRST)
    assert likeness(heard.heard, SECOND)[0] < UNLIKE


def test_the_last_moment_of_a_clip_is_heard_too(player: Player, heard: Ear) -> None:
    assert is_heard(heard, player, FIRST)
    assert likeness(heard.heard, FIRST[-RATE // 8 :])[0] > ALIKE


@pytest.mark.parametrize("gain", [0.25, 1.0])
def test_it_is_heard_as_loud_as_was_asked(output: Output, heard: Ear, gain: float) -> None:
    assert is_heard(heard, output, FIRST, gain)
    assert likeness(heard.heard, FIRST)[1] == pytest.approx(gain, rel=0.05)


def test_what_is_cut_is_not_heard_to_its_end(output: Output, heard: Ear) -> None:
    playing = Playing(output, babble(60.0, 3))
    wait_until(lambda: loud(heard))
    playing.cancel()
    wait_until(lambda: heard.is_silent(0.5))


def test_a_new_clip_takes_the_place_of_the_old_one(output: Output, heard: Ear) -> None:
    old = babble(60.0, 3)
    playing = Playing(output, old)
    wait_until(lambda: loud(heard))
    playing.cancel()
    assert is_heard(heard, output, SECOND)
    assert likeness(heard.heard, old[: 5 * RATE])[0] < UNLIKE


def test_what_waits_in_the_device_is_thrown_away_by_a_cut(player: Player, heard: Ear) -> None:
    playing = Playing(player, babble(60.0, 3))
    wait_until(lambda: loud(heard))
    waiting = player._written
    playing.cancel()
    wait_until(lambda: heard.is_silent(0.5))
    assert len(np.trim_zeros(heard.sound)) < waiting - BLOCK * 5


def test_what_was_cancelled_before_it_began_is_never_heard(player: Player, heard: Ear) -> None:
    cancelled = threading.Event()
    cancelled.set()
    player.play(sound(FIRST, 1.0), False, cancelled)
    assert heard.is_silent(0.3)
    assert is_heard(heard, player, SECOND)


def test_a_cut_fades_within_one_block(player: Player, heard: Ear) -> None:
    """No step from a loud sample to silence, which would click; a busy machine may make one."""
    assert any(_last_when_cut(player, heard) < 1000 for _ in range(3))


def _last_when_cut(player: Player, heard: Ear) -> int:
    wait_until(lambda: heard.is_silent(0.1))
    heard.forget()
    playing = Playing(player, np.full(60 * RATE, 8000, np.int16))
    wait_until(lambda: loud(heard))
    playing.cancel()
    wait_until(lambda: heard.is_silent(0.5))
    return abs(int(heard.heard[np.flatnonzero(np.abs(heard.heard) > AUDIBLE)[-1]]))


def test_the_lifted_handset_mutes_the_loudspeaker(
    output: Output, heard: Ear, overheard: Ear
) -> None:
    assert is_heard(overheard, output, FIRST, private=True)
    assert len(heard.sound) == 0
    overheard.forget()
    assert is_heard(heard, output, SECOND)
    assert len(overheard.sound) == 0


def test_without_the_named_handset_nothing_is_said_in_the_hall(server: Hall, heard: Ear) -> None:
    player = Player(Devices("speaker", "no such device"))
    with pytest.raises(SoundDeviceError):
        play(player, FIRST, private=True)
    assert heard.is_silent(0.3)
    player.close()


def test_between_two_clips_the_stream_stays_open_and_stands_still(
    player: Player, heard: Ear
) -> None:
    play(player, SECOND)
    stream = player._stream
    player.rest()
    assert stream is not None
    assert not stream.active
    play(player, SECOND)
    assert player._stream is stream


def test_a_card_is_named_by_a_part_of_its_description() -> None:
    cards = (
        " 0 [vc4hdmi        ]: vc4-hdmi - vc4-hdmi\n"
        " 1 [Device         ]: USB-Audio - USB PnP Sound Device\n"
    )
    assert pcm("usb pnp", cards) == "plughw:CARD=Device"
    assert pcm("speaker", cards) == "speaker"
