"""What phones are answered: the page, what it must know of this kiosk, and "kept".

Nothing is written about a visitor: no address, no agent, no time. The Host header is compared,
never repeated: whoever came by another name is led to the page's own address.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from kiosk.errors import KioskError, OutboxError, ReportError
from ui.phone import site
from ui.phone.hardening import Hardened
from ui.phone.letterbox import BODIES, Letterbox, Outcome, Part
from ui.phone.page import Page, Sheet
from ui.phone.portal import PROBES, Portal
from ui.phone.settings import Settings

UNEXPECTED = "E40"
CLOSE = {"Connection": "close"}
OCTETS = "application/octet-stream"
_REFUSED = {
    Outcome.DIFFERENT: 409,
    Outcome.WITHOUT_ICONS: 400,
    Outcome.WAIT: 429,
    Outcome.FULL: 503,
}

Result = TypeVar("Result")
log = logging.getLogger(__name__)


class PhoneServer:
    """Answers phones; one worker thread alone uses the outbox."""

    def __init__(self, settings: Settings, page: Page, letterbox: Letterbox) -> None:
        self._settings = settings
        self._host = urlsplit(settings.url).netloc
        self._page = page
        self._letterbox = letterbox
        self._portal = Portal()
        self._worker = ThreadPoolExecutor(1, "letterbox")
        self._told: set[str] = set()

    def app(self) -> ASGIApp:
        """The application to serve."""
        routes = [
            Route("/r", self._post, methods=["POST"]),
            Route("/site.json", self._site),
            Route("/continue", self._go_on),
            *(Route(path, self._probe) for path in PROBES),
            Route("/{name:path}", self._fetch),
        ]
        app = Starlette(routes=routes, exception_handlers={Exception: self._unexpected})
        return Hardened(app, self._page.csp)

    def close(self) -> None:
        """Finish what was begun and let go of the outbox."""
        self._worker.submit(self._letterbox.close)
        self._worker.shutdown()

    async def _fetch(self, request: Request) -> Response:
        if request.headers.get("host") != self._host:
            return self._to_the_page()
        sheet = self._page.sheets.get(request.path_params["name"] or "index.html")
        return _sent(sheet, request) if sheet else PlainTextResponse("404", 404)

    async def _site(self, _request: Request) -> Response:
        return JSONResponse(await self._in_worker(self._describe))

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
        refusal = _refusal(request)
        if refusal:
            return JSONResponse({"kept": False}, refusal, CLOSE)
        try:
            part = Part.parse(await request.body())
            outcome, wait_s = await self._in_worker(lambda: self._letterbox.post(part))
        except (ReportError, ClientDisconnect):
            return JSONResponse({"kept": False}, 400, CLOSE)
        except OutboxError as error:
            self._tell(error.code)
            return JSONResponse({"kept": False}, 503)
        if outcome is Outcome.KEPT:
            return JSONResponse({"kept": True})
        told = {"wait": int(wait_s) + 1} if outcome is Outcome.WAIT else {"kept": False}
        return JSONResponse(told, _REFUSED[outcome])

    def _describe(self) -> dict[str, Any]:
        try:
            room = self._letterbox.room(urgent=False), self._letterbox.room(urgent=True)
        except KioskError as error:
            self._tell(error.code)
            room = False, False
        return site.describe(self._settings.kiosk, self._settings.phrase, room)

    async def _unexpected(self, _request: Request, _error: Exception) -> Response:
        self._tell(UNEXPECTED)
        return PlainTextResponse("500", 500, CLOSE)

    def _tell(self, code: str) -> None:
        """Log a kind of trouble once: a line for each would tell when somebody came."""
        if code not in self._told:
            self._told.add(code)
            log.error("%s", code)

    async def _in_worker(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)


def _client(request: Request) -> str:
    return request.client.host if request.client else ""


def _refusal(request: Request) -> int | None:
    """The status that refuses a POST before its body is read; None to go on."""
    headers = request.headers
    length = headers.get("content-length", "")
    if "transfer-encoding" in headers or not length:
        return 411
    if headers.get("content-type") != OCTETS or "content-encoding" in headers:
        return 415
    if int(length) > max(BODIES):
        return 413
    return None if int(length) in BODIES else 400


def _sent(sheet: Sheet, request: Request) -> Response:
    headers = {"Vary": "Accept-Encoding", "Accept-Ranges": "bytes"}
    if "range" in request.headers:
        return _part_of(sheet, request.headers["range"], headers)
    if sheet.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            sheet.packed, 200, {**headers, "Content-Encoding": "gzip"}, media_type=sheet.type
        )
    return Response(sheet.body, 200, headers, media_type=sheet.type)


def _part_of(sheet: Sheet, wanted: str, headers: dict[str, str]) -> Response:
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
