"""How the desk says things in Vietnamese: hours, states, choices and whole reports."""

from collections.abc import Callable
from datetime import datetime

from kiosk.catalog import Catalog
from uplink.station.desk.casebook import State

HOUR_S = 3600
STATES = {
    State.RECEIVED: "Mới nhận",
    State.CHECKING: "Đang xác minh",
    State.ACTED: "Đã xử lý",
    State.CLOSED: "Đã xong",
    State.FALSE: "Tin sai",
}


def filters(catalog: Catalog) -> dict[str, Callable[..., str]]:
    """The filters that templates use."""

    def word(choice: str | None, group: str = "choice") -> str:
        string_id = f"{group}.{choice}"
        known = string_id in catalog.ids()
        return catalog.words(string_id, "vi").show if known else (choice or "")

    return {"word": word, "hour": hour_words, "state": STATES.__getitem__}


def hour_words(hour: int) -> str:
    """An hour since 1970 in the station's own time."""
    return f"{datetime.fromtimestamp(hour * HOUR_S):%H giờ, %d/%m/%Y}"
