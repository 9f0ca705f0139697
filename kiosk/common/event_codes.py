"""Event codes; generated from codes.toml by `generate_event_codes`, not to be edited."""

from enum import StrEnum, unique


@unique
class EventCode(StrEnum):
    """The code of an event: all that a log line, a quarantined cell or a health says of it."""

    OTHER = "E00"
    """An error without a code of its own."""

    REPORT_MALFORMED = "E01"
    """A report came whose content cannot be read."""

    CELL_SIZE_WRONG = "E02"
    """A cell of the wrong size was set aside."""

    CELL_NOT_OPENED = "E03"
    """A cell does not open with the kiosk's link key."""

    SEAL_FAILED = "E04"
    """The keys of kiosk and station do not match, or cannot be trusted."""

    REPORT_VERSION_UNKNOWN = "E05"
    """A report of a newer kiosk that this station cannot read yet."""

    CHUNK_CONFLICTING = "E06"
    """Two parts of a report have one number and differ; the second was set aside."""

    PACKET_TOO_LARGE = "E07"
    """The broker sent too large a packet; the connection was closed."""

    KIOSK_UNKNOWN = "E08"
    """A cell of a kiosk that this station does not know was set aside."""

    ANSWER_FOREIGN = "E09"
    """An answer to none of the last cells was ignored."""

    CHUNK_MALFORMED = "E10"
    """A cell opened, but its header is impossible; it was set aside."""

    BROKER_UNREACHABLE = "E11"
    """At times nothing could be sent by the broker."""

    SETTINGS_UNUSABLE = "E12"
    """A settings file cannot be used."""

    QUESTIONNAIRE_INCOMPLETE = "E13"
    """The questionnaire lacks pictures or words."""

    STATION_UNUSABLE = "E14"
    """The station's database or keys cannot be used."""

    PROVISIONING_REFUSED = "E15"
    """A step of provisioning was refused; nothing was left half-done."""

    STICK_REFUSED = "E16"
    """A file of cells on a stick is missing, damaged or another kiosk's."""

    MODEM_NOT_ANSWERING = "E17"
    """The modem does not answer."""

    STATUS_NOT_WRITTEN = "E18"
    """The status file cannot be written."""

    INBOX_FAILED = "E19"
    """The kiosk cannot read or write its inbox."""

    OUTBOX_FAILED = "E20"
    """The kiosk cannot read or write its outbox."""

    OUTBOX_FULL = "E21"
    """The kiosk's outbox is full."""

    MESSAGE_REFUSED = "E23"
    """A message that was unsigned, outdated or malformed was ignored."""

    SIGN_IN_REFUSED = "E24"
    """No such officer, or another passphrase."""

    AUDIT_LOG_ALTERED = "E25"
    """The log of openings was altered."""

    CASE_CONFLICT = "E26"
    """Somebody else changed this case meanwhile; nothing was written."""

    MAIL_NOT_SENT = "E27"
    """The station's e-mail alert cannot be sent."""

    CARD_REFUSED = "E28"
    """A card, or what is to go onto it, cannot be used."""

    BACKUP_UNUSABLE = "E29"
    """A backup is damaged or incomplete, or its passphrase is another one."""

    MICROPHONE_MISSING = "E30"
    """The kiosk has no microphone."""

    VOICE_MISSING = "E31"
    """A clip or voice is missing or damaged; another one speaks, or none."""

    VOICE_PACK_REFUSED = "E32"
    """A voice pack is damaged or unsigned and was passed over."""

    MICROPHONE_BUSY = "E33"
    """Another program uses the microphone."""

    MICROPHONE_MUTE = "E34"
    """The microphone is mute."""

    HANDSET_SWITCH_MISSING = "E35"
    """The handset's switch cannot be read; the handset counts as hung up."""

    VOICE_NOT_DISGUISED = "E36"
    """A voice could not be disguised and was therefore not sent."""

    SOUND_DEVICE_MISSING = "E37"
    """The kiosk has no sound device that plays."""

    INBOX_FULL = "E38"
    """The kiosk holds too many messages of the station and takes no more."""

    INBOX_REBUILT = "E39"
    """The inbox was damaged; the kiosk dropped the damaged part and fetches it again."""

    PROGRAM_FAILED = "E40"
    """The program failed unexpectedly and went on."""

    STAFF_CODE_LOCKED = "E41"
    """The technician's code was wrong five times; the staff screen is locked for 15 minutes."""

    POWER_OFF_FAILED = "E42"
    """The kiosk could not be switched off from its screen."""

    IMAGE_NOT_BUILT = "E43"
    """The card's image cannot be built from what is here."""

    PAGE_NOT_BUILT = "E44"
    """The page for phones cannot be bundled."""

    VISIT_CHECK_FAILED = "E45"
    """The driven visit did not go as the flow says."""

    MODEM_RESTARTED = "E50"
    """The kiosk restarted its modem, since nothing could be sent for long."""

    MODEM_POWER_CYCLED = "E51"
    """The kiosk switched its modem off and on, since nothing could be sent for long."""

    MODEM_PIN_NOT_NOTED = "E52"
    """The try of the PIN cannot be noted down, so the PIN is not tried."""

    MODEM_POWER_STUCK = "E53"
    """The modem's power cannot be switched."""
