"""One tree of errors. None of them ever carries an answer, a report id or an address."""

from collections.abc import Sequence

from kiosk.common.event_codes import EventCode

EXIT_BAD_INPUT = 2


class KioskError(Exception):
    """Root of every error this product raises on purpose.

    `cure` says, for the technician or officer, what to do about it; `code` is the only
    part a log may carry.
    """

    code = EventCode.OTHER

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

    code = EventCode.SETTINGS_UNUSABLE


class QuestionnaireError(ProblemsError):
    """The questionnaire or its catalogue is not complete and consistent."""

    code = EventCode.QUESTIONNAIRE_INCOMPLETE


class ReportError(KioskError):
    """Bytes that are not a report of a known version, or a report that cannot be encoded."""

    code = EventCode.REPORT_MALFORMED


class SealError(KioskError):
    """A part cannot be sealed, opened, or the key manifest cannot be trusted."""

    code = EventCode.SEAL_FAILED


class CellError(KioskError):
    """A cell of the wrong size, or one that does not open under the link key."""

    code = EventCode.CELL_NOT_OPENED


class InboxError(KioskError):
    """The inbox cannot be read or written; what it holds can be fetched from the station again."""

    code = EventCode.INBOX_FAILED


class MessageError(KioskError):
    """A message from the station is malformed, unsigned, outdated or of an unknown kind."""

    code = EventCode.MESSAGE_REFUSED


class OutboxError(KioskError):
    """The outbox file is missing, foreign, damaged as a whole or not writable."""

    code = EventCode.OUTBOX_FAILED


class OutboxFull(OutboxError):
    """No free row is left for this kind of report; nothing was written."""

    code = EventCode.OUTBOX_FULL


class UplinkError(KioskError):
    """The broker cannot be reached or refuses this client."""

    code = EventCode.BROKER_UNREACHABLE


class StationError(KioskError):
    """The station's folder, keys or database cannot be used."""

    code = EventCode.STATION_UNUSABLE


class ProvisioningError(KioskError):
    """A provisioning step was refused; nothing was left half-done."""

    code = EventCode.PROVISIONING_REFUSED


class BackupError(KioskError):
    """A backup is damaged, not whole, of something else, or its passphrase is another one."""

    code = EventCode.BACKUP_UNUSABLE


class CarryError(KioskError):
    """A file of cells on a stick is missing, damaged or another kiosk's; nothing was changed."""

    code = EventCode.STICK_REFUSED


class CardError(ProvisioningError):
    """A card, or what is to go onto it, cannot be used; a card that was begun starts nothing."""

    code = EventCode.CARD_REFUSED


class ModemError(KioskError):
    """The modem cannot be spoken with, or had to be reset."""

    code = EventCode.MODEM_NOT_ANSWERING


class AudioError(KioskError):
    """A voice or clip is missing or damaged; the screen goes on without it."""

    code = EventCode.VOICE_MISSING


class MicrophoneError(AudioError):
    """There is no microphone that can be listened to; everything else goes on without it."""

    code = EventCode.MICROPHONE_MISSING


class MicrophoneBusy(MicrophoneError):
    """Another program listens; nothing needs to be plugged in."""

    code = EventCode.MICROPHONE_BUSY


class MicrophoneMute(MicrophoneError):
    """The microphone is there, but gives silence."""

    code = EventCode.MICROPHONE_MUTE


class SoundDeviceError(AudioError):
    """There is no sound device that plays; the screen goes on without sound."""

    code = EventCode.SOUND_DEVICE_MISSING


class DisguiseError(AudioError):
    """A voice could not be disguised, and goes nowhere."""

    code = EventCode.VOICE_NOT_DISGUISED


class VoicePackError(AudioError):
    """A voice pack is damaged, unsigned or cannot be installed; other voices speak instead."""

    code = EventCode.VOICE_PACK_REFUSED


class ImageError(KioskError):
    """The card's image cannot be built from what is here."""

    code = EventCode.IMAGE_NOT_BUILT
