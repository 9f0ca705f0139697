"""The words and pictures of `homthu-courier status`: Vietnamese, then English."""

from uplink.modem_state import Link, Registration, Sim
from uplink.trouble import Trouble

GOOD, WAIT, BAD = "✔", "…", "✖"

Row = tuple[str, str, str]
"""A picture, Vietnamese words, English words."""

TROUBLES: dict[Trouble, Row] = {
    Trouble.NONE: (GOOD, "Không có lỗi", "no error"),
    Trouble.UNREACHABLE: (BAD, "Không tới được máy chủ", "broker unreachable"),
    Trouble.REFUSED: (BAD, "Máy chủ từ chối kiosk này", "broker refuses this kiosk"),
    Trouble.TAKEN_OVER: (BAD, "Máy khác dùng trùng mã kiosk", "another device uses this kiosk id"),
    Trouble.WRONG_CA: (BAD, "Máy chủ lạ, sai chứng thư", "foreign broker, wrong certificate"),
    Trouble.OVERSIZE: (BAD, "Máy chủ không nhận gói 4096 byte", "broker refuses 4096-byte cells"),
}
LINKS: dict[Link, Row] = {
    Link.ANSWERING: (GOOD, "Modem trả lời", "modem answers"),
    Link.ABSENT: (BAD, "Không thấy modem", "no modem found"),
    Link.BUSY: (BAD, "Cổng modem bị chiếm", "modem port is taken or forbidden"),
    Link.SILENT: (BAD, "Modem im lặng", "modem is silent"),
    Link.GARBLED: (BAD, "Modem trả lời lộn xộn", "modem answers garbage"),
    Link.VANISHED: (BAD, "Modem bị rút giữa chừng", "modem went away while answering"),
}
SIMS: dict[Sim, Row] = {
    Sim.UNKNOWN: (WAIT, "Chưa rõ SIM", "SIM not known"),
    Sim.READY: (GOOD, "SIM sẵn sàng", "SIM ready"),
    Sim.PIN_NEEDED: (BAD, "SIM cần mã PIN", "SIM needs its PIN: set modem_pin"),
    Sim.PIN_REFUSED: (BAD, "PIN sai, không thử lại", "PIN refused, not tried again"),
    Sim.PUK_NEEDED: (BAD, "SIM bị khóa, cần PUK", "SIM locked, needs its PUK"),
    Sim.MISSING: (BAD, "Không có SIM", "no SIM"),
    Sim.BUSY: (WAIT, "SIM đang bận", "SIM busy"),
    Sim.FAILED: (BAD, "SIM hỏng hoặc sai loại", "SIM failed or wrong"),
}
REGISTRATIONS: dict[Registration, Row] = {
    Registration.UNKNOWN: (WAIT, "Chưa rõ mạng", "network not known"),
    Registration.IDLE: (BAD, "Không vào mạng", "not registered"),
    Registration.SEARCHING: (WAIT, "Đang tìm mạng", "searching for a network"),
    Registration.DENIED: (BAD, "Mạng từ chối SIM", "network denies this SIM"),
    Registration.HOME: (GOOD, "Đã vào mạng", "registered"),
    Registration.ROAMING: (WAIT, "Chuyển vùng, mạng lạ", "roaming on a foreign network"),
}
