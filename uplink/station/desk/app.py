"""The desk's application: every page behind a session, every form with its token.

Nothing is loaded from anywhere else, nothing may be framed, kept by the browser, or run that is
not one of our own files.
"""

import hmac
import logging
import traceback
from collections.abc import Awaitable, Callable, Sequence

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kiosk.common.errors import KioskError
from kiosk.common.event_codes import EventCode
from uplink.station.desk.areas import AREAS
from uplink.station.desk.auth.sessions import Session
from uplink.station.desk.pages.sign_in import COOKIE, SignIn
from uplink.station.desk.web.app_state import AppState
from uplink.station.desk.web.context import Desk, Page
from uplink.station.desk.web.security_headers import MAX_BODY, SecurityHeaders
from uplink.station.desk.web.static_files import StaticFiles

MAX_FIELDS = 200
MAX_FILE_FIELDS = 2
SORRY = {
    403: "Quý vị không mở được trang này.",
    404: "Không có trang này, hoặc tin đã được xóa.",
    413: "Tệp gửi lên quá lớn.",
    500: "Bàn đọc tin gặp lỗi. Xin thử lại; nếu vẫn vậy, xin gọi kỹ thuật.",
}

MultiPartParser.spool_max_size = MAX_BODY
"""Recordings that are sent along stay in memory; beyond this size they would lie in a file."""

log = logging.getLogger(__name__)


def _nowhere(_desk: Desk) -> Response:
    raise HTTPException(404)


NOWHERE = Page("", _nowhere)


def create_app(office: AppState, hosts: Sequence[str], *, secure: bool = False) -> Starlette:
    """The application of `office`, answering to the names in `hosts`; `secure` behind TLS."""
    shelf = StaticFiles(office.settings.assets)
    office.templates.globals["areas"] = AREAS
    pages = [page for area in AREAS for page in area.pages]
    return Starlette(
        routes=[
            *SignIn(office, secure).routes(),
            *shelf.routes(),
            *(Route(p.path, _behind_the_door(office, p), methods=[p.method]) for p in pages),
            Route("/{anything:path}", _behind_the_door(office, NOWHERE)),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts)),
            Middleware(SecurityHeaders),
        ],
    )


def _behind_the_door(office: AppState, page: Page) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        token = request.cookies.get(COOKIE, "")
        session = office.sessions.find(token, touch=not page.passive)
        if session is None:
            office.forget_if_empty()
            return _to_the_door(request)
        form = FormData()
        if request.method == "POST":
            form = await request.form(max_fields=MAX_FIELDS, max_files=MAX_FILE_FIELDS)
        desk = Desk(office, session, request, form)
        try:
            _check(page, session, desk)
            return await run_in_threadpool(page.handler, desk)
        except HTTPException as error:
            return _sorry(desk, error.status_code, SORRY.get(error.status_code, error.detail))
        except KioskError as error:
            log.warning("%s", error.code)
            return _sorry(desk, 503, str(error))
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            spot = f"{type(error).__name__} {where.name}:{where.lineno}"
            log.error("%s %s", EventCode.PROGRAM_FAILED, spot)
            return _sorry(desk, 500, SORRY[500])
        finally:
            await form.close()

    return answer


def _check(page: Page, session: Session, desk: Desk) -> None:
    if not session.officer.role.may(page.role):
        raise HTTPException(403)
    if desk.request.method == "POST":
        given = desk.text("csrf") or desk.request.headers.get("x-csrf", "")
        if not hmac.compare_digest(given.encode(), session.csrf.encode()):
            raise HTTPException(403)


def _to_the_door(request: Request) -> Response:
    """htmx follows a header where a browser follows a redirect: the whole page goes."""
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": "/sign-in?ended"})
    return RedirectResponse("/sign-in" if request.url.path == "/" else "/sign-in?ended", 303)


def _sorry(desk: Desk, status: int, told: str) -> Response:
    return desk.page("sorry.html", status, told=told)
