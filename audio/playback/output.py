"""The output port: what can make a sound heard."""

import threading
from dataclasses import dataclass
from typing import Protocol

from audio.speech.sound import Sound


@dataclass(frozen=True)
class Devices:
    """The names, or parts of names, of the sound devices; "" is the machine's default.

    Without a handset of its own, the speaker's device is the handset: the plug mutes the speaker.
    """

    speaker: str = ""
    handset: str = ""

    def name(self, private: bool) -> str:
        """The device to play on."""
        return (self.handset or self.speaker) if private else self.speaker


class Output(Protocol):
    """Plays one sound at a time, all in one thread; whoever cancels a sound may be another."""

    def play(self, sound: Sound, private: bool, cancelled: threading.Event) -> None:
        """Play to the end or until it is cancelled; nothing when it was cancelled before.

        Raises AudioError when nothing can be heard.
        """

    def rest(self) -> None:
        """Let the device stand still: nothing follows soon."""

    def close(self) -> None:
        """Release the device."""
