"""The areas of the desk, in the order of the navigation."""

from uplink.station.desk.notices import loudspeaker, notices, procedures
from uplink.station.desk.pages import (
    answers,
    appointments,
    attachments,
    audit_log,
    export,
    inbox,
    overview,
    report,
)
from uplink.station.desk.web.context import Area

AREAS: tuple[Area, ...] = (
    inbox.AREA,
    report.AREA,
    attachments.AREA,
    answers.AREA,
    inbox.UNIT,
    appointments.AREA,
    notices.AREA,
    loudspeaker.AREA,
    procedures.AREA,
    overview.AREA,
    audit_log.AREA,
    export.AREA,
)
