"""Packets of one size that fit an attachment, and what is no voice refused."""

import numpy as np
import pytest

from kiosk.common.errors import AudioError
from kiosk.protocol.opus_packets import MOST_BYTES, decoded, encoded

RATE = 22_050


def babble(seconds: float) -> np.ndarray:
    rng = np.random.default_rng(7)
    loud = 1 + np.sin(np.arange(int(seconds * RATE)) / RATE * 15)
    return np.asarray(rng.normal(0, 3000, len(loud)) * loud, np.int16)


def test_half_a_minute_fits_and_every_packet_is_as_long_as_any_other() -> None:
    data = encoded(babble(30), RATE)
    assert data[:2] == bytes((1, 60))
    assert (len(data) - 2) % 60 == 0
    assert 30_000 <= len(data) <= MOST_BYTES
    assert len(decoded(data, RATE)) / RATE == pytest.approx(30, abs=0.1)


def test_silence_takes_as_many_bytes_as_speech() -> None:
    assert len(encoded(np.zeros(5 * RATE, np.int16), RATE)) == len(encoded(babble(5), RATE))


def test_what_is_a_little_too_long_gets_fewer_bits_and_what_is_much_too_long_none() -> None:
    data = encoded(babble(33), RATE)
    assert data[1] == 45
    assert len(data) <= MOST_BYTES
    with pytest.raises(AudioError):
        encoded(babble(60), RATE)


@pytest.mark.parametrize(
    "data", [b"", b"\1", b"\1\0abc", bytes(500), b"\1\3ab", b"\1\2" + b"\xff" * 40]
)
def test_what_is_no_voice_is_refused(data: bytes) -> None:
    with pytest.raises(AudioError):
        decoded(data, RATE)
