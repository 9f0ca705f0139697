"""The log of who opened what, for the chief."""

from datetime import datetime

from starlette.responses import Response

from uplink.station.desk.auth.audit import AuditBroken
from uplink.station.desk.auth.officers import Role
from uplink.station.desk.web.context import Area, Desk, Page

SHOWN = 300
ACTIONS = {
    "sign-in": "Đăng nhập",
    "open": "Mở tin",
    "photo": "Xem ảnh",
    "voice": "Nghe giọng",
    "listen": "Nghe máy đọc",
    "release": "Xem tên bản",
    "step": "Ghi bước",
    "print": "In",
    "answer": "Trả lời",
    "notice": "Ra thông báo",
    "withdraw": "Thu hồi",
    "library": "Sửa thủ tục",
    "loud": "Giờ phát loa",
    "export": "Lấy bảng",
    "delete": "Xóa",
}


def show(desk: Desk) -> Response:
    """The last entries, and whether all of them are as they were written."""
    try:
        count, fingerprint = desk.log.verify()
        entries = desk.log.entries(SHOWN)
    except AuditBroken as broken:
        return desk.page("log.html", broken=str(broken), entries=[])
    minutes = {e.number: f"{datetime.fromtimestamp(e.minute * 60):%H:%M %d/%m/%Y}" for e in entries}
    return desk.page(
        "log.html",
        broken="",
        entries=entries,
        minutes=minutes,
        actions=ACTIONS,
        count=count,
        fingerprint=fingerprint,
    )


AREA = Area(
    pages=(Page("/log", show, role=Role.CHIEF),), title="Sổ mở tin", link="/log", role=Role.CHIEF
)
