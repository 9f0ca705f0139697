"""A sound device that goes away and comes back."""

import threading
import time

import pytest

from audio.playback import portaudio
from audio.playback.output import Devices
from audio.playback.player import RETRY_S, Player
from kiosk.common.errors import AudioError
from tests.audio.hall import SINKS, Hall, babble, is_heard, play
from tests.waiting import wait_until

CLIP = babble(0.5, 2)


def test_a_device_that_goes_is_told_at_once_and_found_again_when_it_is_back(server: Hall) -> None:
    player = Player(Devices("speaker"))
    play(player, CLIP)
    threading.Timer(0.5, server.close).start()
    with pytest.raises(AudioError):
        play(player, babble(60.0, 3))
    with pytest.raises(AudioError):
        play(player, CLIP)
    server.open()
    ear = server.ear("speaker")
    wait_until(lambda: _plays(player))
    assert is_heard(ear, player, CLIP)
    ear.close()
    player.close()


def test_cards_that_change_their_order_keep_their_names(server: Hall) -> None:
    import sounddevice

    def number() -> int:
        portaudio.look_again()
        names = [str(device["name"]) for device in sounddevice.query_devices()]
        return names.index("speaker")

    before = number()
    server.order_cards(tuple(reversed(SINKS)))
    assert number() != before
    ear, player = server.ear("speaker"), Player(Devices("speaker"))
    assert is_heard(ear, player, CLIP)
    ear.close()
    player.close()
    server.order_cards(SINKS)


def _plays(player: Player) -> bool:
    try:
        play(player, CLIP)
    except AudioError:
        time.sleep(RETRY_S / 10)
        return False
    return True
