"""The areas of the desk, in the order of the navigation."""

from uplink.station.desk import answers, export, inbox, log_page, overview, report
from uplink.station.desk.context import Area

AREAS: tuple[Area, ...] = (
    inbox.AREA,
    report.AREA,
    answers.AREA,
    inbox.UNIT,
    overview.AREA,
    log_page.AREA,
    export.AREA,
)
