"""A kiosk's health in Vietnamese words, for commands and for the desk."""

from kiosk.common import event_registry
from kiosk.content import status_codes
from uplink.link.health_report import MAX_BARS, BoxLevel, Health

SILENT_H = 24
UPTIMES = ("dưới 1 giờ", "dưới 1 ngày", "dưới 1 tuần", "trên 1 tuần")
GATES = {
    BoxLevel.OPEN: "còn chỗ",
    BoxLevel.URGENT_ONLY: "gần đầy, chỉ nhận tin khẩn",
    BoxLevel.FULL: "đầy",
    BoxLevel.CLOSED: "đóng, hỏng thẻ",
}


def in_words(told: Health) -> tuple[str, str, str, str]:
    """Room in its boxes, keys, link and machine, each in Vietnamese."""
    gates = ", ".join(dict.fromkeys(GATES[gate] for gate in told.gates))
    missing = f", {len(told.missing)} tin đang về" if told.missing else ""
    link = [*map(_state, told.states)] or ["tốt"]
    bars = [] if told.bars is None else [f"sóng {told.bars}/{MAX_BARS}"]
    machine = [f"{told.software}, chạy {UPTIMES[told.uptime]}"]
    machine += map(event_registry.in_words, told.errors)
    return gates, f"số {told.epoch}{missing}", "; ".join([*link, *bars]), "; ".join(machine)


def _state(code: int) -> str:
    state = status_codes.of_code(code)
    return f"mã {code}" if state is None else state.vi
