"""The inbox: what has come, urgent first, found by box, place and words, always up to date."""

from starlette.responses import Response

from uplink.station.desk.context import Area, Desk, Page


def show(desk: Desk) -> Response:
    """The whole inbox."""
    desk.cases.refresh()
    cases = [case for case in desk.cases.all() if desk.is_chief or not case.is_of_the_unit]
    cases.sort(key=lambda case: (not case.urgent, -case.hour))
    return desk.page("inbox.html", cases=cases[:50])


def alive(desk: Desk) -> Response:
    """Asked by every open page: still signed in."""
    return Response(status_code=204)


AREA = Area(
    pages=(
        Page("/", show),
        Page("/alive", alive, passive=True),
    ),
    title="Hộp thư",
    link="/",
)
