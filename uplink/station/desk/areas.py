"""The areas of the desk, in the order of the navigation."""

from uplink.station.desk import (
    answers,
    appointments,
    attachments,
    export,
    inbox,
    log_page,
    loudspeaker,
    notices,
    overview,
    procedures,
    report,
)
from uplink.station.desk.context import Area

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
    log_page.AREA,
    export.AREA,
)
