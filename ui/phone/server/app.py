"""What phones are answered: the page, what it must know of this kiosk, and "kept".

Nothing is written about a visitor: no address, no agent, no time. The Host header is compared,
never repeated: whoever came by another name is led to the page's own address.
"""

import logging
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from kiosk.common.errors import KioskError, MessageError, OutboxError, ReportError
from kiosk.common.event_codes import EventCode
from ui.phone.server import kiosk_info
from ui.phone.server.captive_portal import PROBES, Portal
from ui.phone.server.connection_limits import CONNECTIONS
from ui.phone.server.notices import Bulletin
from ui.phone.server.picture_codes import WISH_BODY, Codes
from ui.phone.server.security_headers import SecurityHeaders
from ui.phone.server.settings import Settings
from ui.phone.server.static_files import StaticFile, StaticPage
from ui.phone.server.submissions import BODIES, Outcome, Submissions, SubmittedPart
from ui.phone.server.worker import Busy, Worker

CLOSE = {"Connection": "close"}
OCTETS = "application/octet-stream"
MP3 = "audio/mpeg"
_REFUSED = {
    Outcome.DIFFERENT: 409,
    Outcome.WITHOUT_ICONS: 400,
    Outcome.WAIT: 429,
    Outcome.FULL: 503,
}

SLOW_WORK = 4
"""So many may wait for a picture code or a recording; each takes about a second."""

log = logging.getLogger(__name__)


class PhoneServer:
    """Answers phones; one thread alone uses files, another does what takes long."""

    def __init__(
        self,
        settings: Settings,
        page: StaticPage,
        letterbox: Submissions,
        codes: Codes,
        bulletin: Bulletin,
    ) -> None:
        self._settings = settings
        self._host = urlsplit(settings.url).netloc
        self._page = page
        self._letterbox = letterbox
        self._portal = Portal()
        self._codes = codes
        self._bulletin = bulletin
        self._files = Worker("files", CONNECTIONS)
        self._slow = Worker("slow", SLOW_WORK)
        self._told: set[EventCode] = set()

    def app(self) -> ASGIApp:
        """The application to serve."""
        routes = [
            Route("/r", self._post, methods=["POST"]),
            Route("/c", self._wish, methods=["POST"]),
            Route("/site.json", self._site),
            Route("/board.json", self._board),
            Route("/notices/{notice}.{language}.mp3", self._sound),
            Route("/continue", self._go_on),
            *(Route(path, self._probe) for path in PROBES),
            Route("/{name:path}", self._fetch),
        ]
        app = Starlette(routes=routes, exception_handlers={Exception: self._unexpected})
        return SecurityHeaders(app, self._page.csp)

    def close(self) -> None:
        """Finish what was begun and release the outbox."""
        self._slow.close(lambda: None)
        self._files.close(self._letterbox.close)

    async def _fetch(self, request: Request) -> Response:
        if request.headers.get("host") != self._host:
            return self._to_the_page()
        sheet = self._page.sheets.get(request.path_params["name"] or "index.html")
        return _sent(sheet, request) if sheet else PlainTextResponse("404", 404)

    async def _site(self, _request: Request) -> Response:
        return JSONResponse(await self._files.do(self._describe))

    async def _board(self, _request: Request) -> Response:
        await self._files.do(self._look_at_board)
        return JSONResponse(self._bulletin.describe())

    async def _sound(self, request: Request) -> Response:
        wanted = request.path_params
        await self._files.do(self._look_at_board)
        try:
            sound = await self._slow.do(
                lambda: self._bulletin.sound(wanted["notice"], wanted["language"])
            )
        except Busy:
            return PlainTextResponse("503", 503)
        except KioskError as error:
            self._tell(error.code)
            sound = None
        return (
            _sent(StaticFile(MP3, sound, None), request) if sound else PlainTextResponse("404", 404)
        )

    async def _probe(self, request: Request) -> Response:
        if not self._portal.has_gone_on(_client(request)):
            return self._to_the_page()
        success = PROBES[request.url.path]
        return Response(success.body, success.status, media_type=success.type or None)

    async def _go_on(self, request: Request) -> Response:
        self._portal.go_on(_client(request))
        return self._to_the_page()

    def _to_the_page(self) -> Response:
        return RedirectResponse(self._settings.url, 302)

    async def _post(self, request: Request) -> Response:
        refusal = _refusal(request, BODIES)
        if refusal:
            return JSONResponse({"kept": False}, refusal, CLOSE)
        try:
            part = SubmittedPart.parse(await request.body())
            outcome, wait_s = await self._files.do(lambda: self._letterbox.post(part))
        except (ReportError, ClientDisconnect):
            return JSONResponse({"kept": False}, 400, CLOSE)
        except OutboxError as error:
            self._tell(error.code)
            return JSONResponse({"kept": False}, 503)
        if outcome is Outcome.KEPT:
            return JSONResponse({"kept": True})
        told = {"wait": int(wait_s) + 1} if outcome is Outcome.WAIT else {"kept": False}
        return JSONResponse(told, _REFUSED[outcome])

    async def _wish(self, request: Request) -> Response:
        refusal = _refusal(request, {WISH_BODY})
        if refusal:
            return JSONResponse({}, refusal, CLOSE)
        try:
            sealed = await request.body()
            wait_s, told = await self._slow.do(lambda: self._answer(sealed))
        except (MessageError, ClientDisconnect):
            return JSONResponse({}, 400, CLOSE)
        except Busy:
            return JSONResponse({}, 503)
        except KioskError as error:
            self._tell(error.code)
            return JSONResponse({}, 503)
        if wait_s:
            return JSONResponse({"wait": int(wait_s) + 1}, 429)
        return Response(told, media_type=OCTETS)

    def _answer(self, sealed: bytes) -> tuple[float, bytes]:
        wait_s = self._codes.wait_s()
        return wait_s, b"" if wait_s else self._codes.answer(sealed)

    def _look_at_board(self) -> None:
        try:
            self._bulletin.look()
        except KioskError as error:
            self._tell(error.code)

    def _describe(self) -> dict[str, Any]:
        try:
            room = self._letterbox.room(urgent=False), self._letterbox.room(urgent=True)
        except KioskError as error:
            self._tell(error.code)
            room = False, False
        return kiosk_info.describe(
            self._settings.kiosk, self._settings.phrase, room, self._codes.key()
        )

    async def _unexpected(self, _request: Request, _error: Exception) -> Response:
        self._tell(EventCode.PROGRAM_FAILED)
        return PlainTextResponse("500", 500, CLOSE)

    def _tell(self, code: EventCode) -> None:
        """Log a kind of trouble once: a line for each would tell when somebody came."""
        if code not in self._told:
            self._told.add(code)
            log.error("%s", code)


def _client(request: Request) -> str:
    return request.client.host if request.client else ""


def _refusal(request: Request, sizes: Collection[int]) -> int | None:
    """The status that refuses a POST before its body is read; None to go on."""
    headers = request.headers
    length = headers.get("content-length", "")
    if "transfer-encoding" in headers or not length:
        return 411
    if headers.get("content-type") != OCTETS or "content-encoding" in headers:
        return 415
    if int(length) > max(sizes):
        return 413
    return None if int(length) in sizes else 400


def _sent(sheet: StaticFile, request: Request) -> Response:
    headers = {"Vary": "Accept-Encoding", "Accept-Ranges": "bytes"}
    if "range" in request.headers:
        return _part_of(sheet, request.headers["range"], headers)
    if sheet.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            sheet.packed, 200, {**headers, "Content-Encoding": "gzip"}, media_type=sheet.type
        )
    return Response(sheet.body, 200, headers, media_type=sheet.type)


def _part_of(sheet: StaticFile, wanted: str, headers: dict[str, str]) -> Response:
    """One range of a clip: some phones play no sound from a server that has none (RFC 9110, 14)."""
    total = len(sheet.body)
    first, _, last = wanted.removeprefix("bytes=").partition("-")
    try:
        start = int(first) if first else max(0, total - int(last))
        stop = min(total, int(last) + 1) if first and last else total
    except ValueError:
        return Response(sheet.body, 200, headers, media_type=sheet.type)
    if not 0 <= start < stop:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{total}"})
    place = f"bytes {start}-{stop - 1}/{total}"
    return Response(
        sheet.body[start:stop], 206, {**headers, "Content-Range": place}, media_type=sheet.type
    )
