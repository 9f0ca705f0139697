"""Packets of one size that fit an attachment, and what is no voice refused."""

import numpy as np
import pytest

from kiosk.common.errors import AudioError
from kiosk.protocol.opus_packets import MOST_BYTES, decoded, encoded
from tests.vectors import load

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


def test_a_voice_is_read_as_its_vector_says() -> None:
    for case in load("voice")["cases"]:
        data = bytes.fromhex(case["hex"])
        assert data == bytes([1, case["packet_bytes"]]) + bytes.fromhex("".join(case["packets"]))
        seconds = len(case["packets"]) * case["packet_ms"] / 1000
        assert len(decoded(data, RATE)) / RATE == pytest.approx(seconds, abs=0.005)
    for case in load("voice")["refused"]:
        with pytest.raises(AudioError):
            decoded(bytes.fromhex(case["hex"]), RATE)


def test_a_voice_is_written_in_packets_as_long_as_the_vector_s() -> None:
    (case,) = load("voice")["cases"]
    data = encoded(babble(0.11), RATE)
    assert data[:2] == bytes.fromhex(case["hex"])[:2]
    assert len(data) == len(bytes.fromhex(case["hex"]))
