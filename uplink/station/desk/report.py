"""One report, opened: each opening is written into the log before the page is made."""

from starlette.responses import Response

from uplink.station.desk.context import Area, Desk, Page


def show(desk: Desk) -> Response:
    """The report as its tiles and in words."""
    case = desk.case()
    desk.note("open", case.id)
    return desk.page("report.html", case=case)


AREA = Area(pages=(Page("/report/{case}", show),))
