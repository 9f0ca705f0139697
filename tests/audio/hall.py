"""A sound server of the test's own, with a loudspeaker and a handset whose sound is recorded.

It has a microphone, too: what a mouth says is heard there by whoever records.
"""

import contextlib
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
from scipy.signal import butter, fftconvolve, sosfilt

from audio.playback.output import Output
from audio.speech.sound import RATE, Samples, sound
from tests.waiting import DEADLINE, wait_until

SINKS = ("speaker", "handset")
MICROPHONE = "microphone"
AUDIBLE = 60
PIECE = RATE // 8
TRIES = 8
ALIKE, UNLIKE = 0.9, 0.8


class Ear:
    """Everything that a sink plays, at the kiosk's own rate."""

    def __init__(self, environment: dict[str, str], sink: str) -> None:
        command = ["parec", "-d", f"{sink}.monitor", "--raw", "--format=s16le", "--channels=1"]
        self._recorder = subprocess.Popen(
            [*command, f"--rate={RATE}", "--latency-msec=5"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._heard = bytearray()
        self._begin = 0
        assert self._recorder.stdout is not None
        self._sound = self._recorder.stdout
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        wait_until(lambda: len(self._heard) > 0)

    def _read(self) -> None:
        while part := os.read(self._sound.fileno(), 4096):
            self._heard.extend(part)

    def forget(self) -> None:
        """Hear only what comes from now on."""
        self._begin = len(self._heard) // 2

    @property
    def heard(self) -> Samples:
        """All samples since the last `forget`."""
        return np.frombuffer(bytes(self._heard[: len(self._heard) // 2 * 2]), "<i2")[self._begin :]

    @property
    def sound(self) -> Samples:
        """What was heard, without the silence before it."""
        heard = self.heard
        loud = np.flatnonzero(np.abs(heard) > AUDIBLE)
        return heard[loud[0] :] if len(loud) else heard[:0]

    def is_silent(self, seconds: float = 0.5) -> bool:
        """Whether the last so many seconds, which began after this call, are silent."""
        begin = len(self.heard)
        wait_until(lambda: len(self.heard) > begin + seconds * RATE)
        return not np.any(np.abs(self.heard[begin:]) > AUDIBLE)

    def close(self) -> None:
        """Stop recording."""
        self._recorder.terminate()
        self._recorder.wait(DEADLINE)
        self._reader.join()
        self._sound.close()


class Hall:
    """The server's environment for programs, and an ear at each sink."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        socket = folder / "socket"
        (folder / "runtime").mkdir(mode=0o700)
        self.order_cards(SINKS)
        self.environment = {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder / "runtime"),
            "PULSE_RUNTIME_PATH": str(folder / "runtime"),
            "ALSA_CONFIG_PATH": str(folder / "alsa.conf"),
            "PULSE_SERVER": f"unix:{socket}",
            "PULSE_SOURCE": f"{MICROPHONE}.monitor",
        }
        self._socket = socket
        self._server: subprocess.Popen[bytes] | None = None

    def order_cards(self, sinks: tuple[str, ...]) -> None:
        """Write down the cards as ALSA finds them, in this order."""
        (self._folder / "alsa.conf").write_text(
            "</usr/share/alsa/alsa.conf>\n"
            + "".join(
                f'pcm.{sink} {{ type pulse device "{sink}" '
                f'hint {{ show on description "{sink}" }} }}\n'
                for sink in sinks
            )
            + f'pcm.{MICROPHONE} {{ type pulse device "{MICROPHONE}.monitor" '
            f'hint {{ show on description "{MICROPHONE}" }} }}\n'
            "pcm.!default pcm.speaker\n"
        )

    def open(self) -> None:
        """Start the server."""
        self._socket.unlink(missing_ok=True)
        sinks = [f"module-null-sink sink_name={sink} rate={RATE}" for sink in (*SINKS, MICROPHONE)]
        server = f"module-native-protocol-unix socket={self._socket} auth-anonymous=1"
        self._server = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"]
            + ["--disallow-exit", "--disable-shm=yes", "--log-target=stderr"]
            + [word for module in (*sinks, server) for word in ("-L", module)],
            env={**os.environ, **self.environment},
            stderr=subprocess.DEVNULL,
        )
        wait_until(self._socket.exists)

    def ear(self, sink: str) -> Ear:
        """Begin to listen to a sink."""
        return Ear({**os.environ, **self.environment}, sink)

    def say(self, samples: Samples) -> subprocess.Popen[bytes]:
        """Begin to speak into the microphone."""
        command = ["pacat", "-d", MICROPHONE, "--raw", "--format=s16le", "--channels=1"]
        mouth = subprocess.Popen(
            [*command, f"--rate={RATE}", "--latency-msec=300"],
            env={**os.environ, **self.environment},
            stdin=subprocess.PIPE,
        )
        threading.Thread(target=_speak, args=(mouth, samples), daemon=True).start()
        return mouth

    def close(self) -> None:
        """End the server, as if the sound card were pulled out."""
        assert self._server is not None
        self._server.kill()
        self._server.wait(DEADLINE)


def _speak(mouth: subprocess.Popen[bytes], samples: Samples) -> None:
    with contextlib.suppress(BrokenPipeError):
        mouth.communicate(samples.astype("<i2").tobytes())


@contextmanager
def hall() -> Iterator[Hall]:
    """A hall with its server running."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="hall-"))
        here = Hall(Path(folder))
        here.open()
        stack.callback(here.close)
        yield here


def spoken(seconds: float, seed: int) -> Samples:
    """Babble without the highest sounds, which other sample rates and MP3 change."""
    low = sosfilt(butter(6, 4000, "lowpass", fs=RATE, output="sos"), babble(seconds, seed))
    return np.asarray(np.rint(low), np.int16)


def babble(seconds: float, seed: int) -> Samples:
    """Noise as loud as a voice; that of another seed is nothing like it."""
    noise = np.random.default_rng(seed).normal(0, 6000, int(seconds * RATE))
    return noise.clip(-30_000, 30_000).astype(np.int16)


def play(output: Output, samples: Samples, gain: float = 1.0, private: bool = False) -> None:
    output.play(sound(samples, gain), private, threading.Event())


def is_heard(
    ear: Ear, output: Output, samples: Samples, gain: float = 1.0, private: bool = False
) -> bool:
    """Play until the ear hears it whole: on a busy machine the recorder may miss a part."""
    for _ in range(TRIES):
        ear.forget()
        play(output, samples, gain, private)
        wait_until(lambda: ear.is_silent(0.2))
        if likeness(ear.heard, samples)[0] > ALIKE:
            return True
    return False


def likeness(heard: Samples, clip: Samples) -> tuple[float, float]:
    """How well all but the worst pieces of `clip` are found in `heard`, and their median gain.

    In pieces, so that a gap which a busy machine makes does not count for the whole.
    """
    pieces = [clip[at : at + PIECE] for at in range(0, len(clip) - PIECE + 1, PIECE)]
    found = [_found(heard, piece) for piece in pieces if np.abs(piece).max() > AUDIBLE]
    alike, strong = zip(*found, strict=True)
    return float(np.quantile(alike, 0.25)), float(np.median(strong))


def _found(heard: Samples, piece: Samples) -> tuple[float, float]:
    """The best correlation of one piece with any part, and its gain there."""
    whole, piece = heard.astype(np.float64), piece.astype(np.float64)
    whole = np.pad(whole, (0, max(0, len(piece) - len(whole))))
    product = fftconvolve(whole, piece[::-1], "valid")
    total = np.concatenate(([0.0], np.cumsum(whole**2)))
    energy = total[len(piece) :] - total[: len(total) - len(piece)]
    power = np.sum(piece**2)
    alike = product / np.sqrt(np.maximum(energy, 1.0) * power)
    at = int(np.argmax(alike))
    return float(alike[at]), float(product[at] / power)
