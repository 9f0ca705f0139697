"""What one visit meets, the same for kiosk and page: the gate, the day and the station's words."""

import random
from dataclasses import dataclass
from typing import Any

from tests.ui.phone.flow.kiosk_side import (
    LANGUAGES,
    Board,
    Code,
    GateKind,
    NoticeText,
    Posted,
    Procedure,
    Reply,
    Site,
    asked,
    catalogues,
    check_picture,
    families,
    pictures,
    questionnaires,
    strings,
)

PLAIN = questionnaires.load()
KEY_BYTES = 1216
PHOTO = b"\xff\xd8\xff\xd9"
LOST, KEPT, WAIT, BUSY = 0, 200, 429, 503
VILLAGES = (("ncs1", "Bản Na Cô Sa 1"), ("ncs2", "Bản Na Cô Sa 2"))
ASKED = PLAIN.with_villages(village for village, _ in VILLAGES)
SITE = Site(station_phone="0215 3 740 123", villages=VILLAGES)

CODES = tuple(
    (*chosen, check_picture(chosen)) for chosen in (pictures()[n : n + 5] for n in (0, 7, 30, 59))
)
ANSWERS = (
    (),
    (Reply(("come", "place_station", "monday")),),
    (Reply(("call",), "0215 374", "Chào bà con."), Reply(("come",), voice=b"OggS")),
)

_BOARD = Board(
    (
        Posted("a1", "fraud", NoticeText("Có kẻ lừa gọi điện. Đừng gửi tiền.", "Muaj neeg dag.")),
        Posted("b2", "event", NoticeText("Chủ nhật họp bản.")),
    ),
    {
        "birth": Procedure(("paper_id", "place_office"), (NoticeText("Không mất tiền."),)),
        "vehicle": Procedure(("paper_vehicle",), (), "https://example.vn/form"),
    },
)


@dataclass(frozen=True)
class World:
    """One kiosk as a visit finds it."""

    gate: GateKind
    day: str | None
    board: Board

    @classmethod
    def drawn(cls, chance: random.Random) -> "World":
        """Mostly open, now and then full or without a key."""
        gates = [GateKind.OPEN] * 7 + [kind for kind in GateKind if kind is not GateKind.OPEN]
        return cls(
            chance.choice(gates),
            chance.choice([None, "2026-11-22"]),
            chance.choice([_BOARD, Board()]),
        )

    def takes(self, urgent: bool) -> bool:
        """Whether a report can be kept."""
        taken = {GateKind.OPEN: True, GateKind.URGENT_ONLY: urgent}
        return taken.get(self.gate, False)

    def for_page(self) -> dict[str, Any]:
        """The same as the server's `site.json` and `board.json`."""
        key = None if self.gate is GateKind.CLOSED else "AA=="
        site = {
            "station_key": key,
            "key_id": "00",
            "wish_key": "AA==",
            "wish_key_id": "00",
            "day": self.day,
            "half": self.day and "pm",
            "phrase": ["bridge"],
            "hall": "",
            "villages": [{"id": village, "name": name} for village, name in VILLAGES],
            "station_name": "",
            "phones": [{"whose": "ui.station", "number": SITE.station_phone}],
            "open": self.takes(urgent=False),
            "urgent_open": self.takes(urgent=True),
        }
        return {"site": site, "board": _for_page(self.board)}


def _for_page(board: Board) -> dict[str, Any]:
    notices = [
        {
            "id": posted.notice_id,
            "picture": posted.picture,
            "words": _words(posted.text),
            "opening": _words(posted.text.opening()),
            "sounds": [],
        }
        for posted in board.notices
    ]
    procedures = {
        name: {
            "cards": written.cards,
            "lines": [_words(line) for line in written.lines],
            "form": written.form,
        }
        for name, written in board.procedures.items()
    }
    return {"notices": notices, "procedures": procedures}


def _words(text: NoticeText) -> dict[str, str]:
    return {"vi": text.vi, "hmn": text.hmn}


def answers_for_page(answers: tuple[Reply, ...]) -> list[dict[str, Any]]:
    """Answers as the server tells them."""
    return [
        {
            "parts": [[part.picture, part.string_id] for part in answer.shown()],
            "number": answer.number,
            "text": answer.text,
            "voiced": bool(answer.voice),
        }
        for answer in answers
    ]


def page_content() -> dict[str, Any]:
    """What is built into the page, every string saying its own id."""
    ids = catalogues.load(strings(PLAIN)).ids()
    return {
        "languages": LANGUAGES,
        "questionnaire": asked(PLAIN),
        "words": {one: {i: [i, one, "", one] for i in ids} for one in LANGUAGES},
        "families": families(),
        "icons": [],
        "clips": {one: [] for one in LANGUAGES},
    }


def box_key(code: Code) -> bytes:
    """The answer key of a code as the simulated server makes it; see node/hall.mjs."""
    return (f"{' '.join(code)} " * KEY_BYTES)[:KEY_BYTES].encode()
