"""One tree of errors. None of them ever carries an answer, a report id or an address."""

from collections.abc import Sequence

EXIT_BAD_INPUT = 2


class KioskError(Exception):
    """Root of every error this product raises on purpose.

    `cure` says, for the technician or officer, what to do about it; `code` is the only
    part a log may carry.
    """

    code = "E00"

    def __init__(self, message: str, cure: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.message} ({self.cure})" if self.cure else self.message


class ProblemsError(KioskError):
    """Several mistakes in one input, all reported at once."""

    def __init__(self, what: str, problems: Sequence[str], cure: str = "") -> None:
        self.problems = tuple(problems)
        listing = "".join(f"\n  - {problem}" for problem in self.problems)
        super().__init__(f"{what}: {len(self.problems)} problem(s){listing}", cure)


class ConfigError(ProblemsError):
    """The configuration file cannot be used."""

    code = "E12"


class QuestionnaireError(ProblemsError):
    """The questionnaire or its catalogue is not complete and consistent."""

    code = "E13"


class ReportError(KioskError):
    """Bytes that are not a report of a known version, or a report that cannot be encoded."""

    code = "E01"


class SealError(KioskError):
    """A part cannot be sealed, opened, or the key manifest cannot be trusted."""

    code = "E04"


class CellError(KioskError):
    """A cell of the wrong size, or one that does not open under the link key."""

    code = "E03"


class InboxError(KioskError):
    """The inbox cannot be read or written; what it holds can be fetched from the station again."""

    code = "E19"


class MessageError(KioskError):
    """A message from the station is malformed, unsigned, outdated or of an unknown kind."""

    code = "E23"


class OutboxError(KioskError):
    """The outbox file is missing, foreign, damaged as a whole or not writable."""

    code = "E20"


class OutboxFull(OutboxError):
    """No free row is left for this kind of report; nothing was written."""

    code = "E21"


class UplinkError(KioskError):
    """The broker cannot be reached or refuses this client."""

    code = "E11"


class StationError(KioskError):
    """The station's folder, keys or database cannot be used."""

    code = "E14"


class ProvisioningError(KioskError):
    """A provisioning step was refused; nothing was left half-done."""

    code = "E15"


class BackupError(KioskError):
    """A backup is damaged, not whole, of something else, or its passphrase is another one."""

    code = "E27"


class CarryError(KioskError):
    """A file of cells on a stick is missing, damaged or another kiosk's; nothing was changed."""

    code = "E16"


class CardError(ProvisioningError):
    """A card, or what is to go onto it, cannot be used; a card that was begun starts nothing."""

    code = "E28"


class ModemError(KioskError):
    """The modem cannot be spoken with, or had to be reset."""

    code = "E17"


class AudioError(KioskError):
    """A voice, clip or sound device is missing; the screen goes on without it."""

    code = "E31"


class MicrophoneError(AudioError):
    """There is no microphone that can be listened to; everything else goes on without it."""

    code = "E30"


class MicrophoneBusy(MicrophoneError):
    """Another program listens; nothing needs to be plugged in."""

    code = "E33"


class VoicePackError(AudioError):
    """A voice pack is damaged, unsigned or cannot be installed; other voices speak instead."""

    code = "E32"


class ImageError(KioskError):
    """The card's image cannot be built from what is here."""

    code = "E40"
