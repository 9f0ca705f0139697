"""Signing in and out: the only pages for somebody who is not signed in."""

import math

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from uplink.station.database.tables import MAX_OFFICER_NAME
from uplink.station.desk.auth.officers import SignInRefused
from uplink.station.desk.web.app_state import AppState

COOKIE = "desk"
ENDED = "Đã hết phiên. Xin đăng nhập lại."
_SPEECH = 1000


class SignIn:
    """Lets officers of `office` in and out; `secure` says that the desk is behind TLS."""

    def __init__(self, office: AppState, secure: bool) -> None:
        self._office = office
        self._secure = secure

    def routes(self) -> list[Route]:
        """The pages of the door."""
        return [
            Route("/sign-in", self._show, methods=["GET"]),
            Route("/sign-in", self._enter, methods=["POST"]),
            Route("/sign-out", self._leave, methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        told = ENDED if "ended" in request.query_params else ""
        return self._page(told, "", 200)

    async def _enter(self, request: Request) -> Response:
        form = await request.form(max_fields=8, max_files=0)
        name, secret = str(form.get("name", "")), str(form.get("passphrase", ""))
        name = " ".join(name.split())[:MAX_OFFICER_NAME]
        return await run_in_threadpool(self._try, name, secret[:_SPEECH])

    def _try(self, name: str, secret: str) -> Response:
        office = self._office
        wait = office.lockout.wait_s(name)
        if wait:
            minutes = math.ceil(wait / 60)
            told = f"Đã gõ sai nhiều lần. Xin đợi {minutes} phút rồi thử lại."
            return self._page(told, name, 429)
        try:
            officer, token = office.sign_in(name, secret)
        except SignInRefused as refused:
            office.lockout.wrong(name)
            return self._page(f"{refused.message} {refused.cure}", name, 401)
        wrong = office.lockout.right(name)
        session = office.sessions.find(token, touch=True)
        assert session is not None
        reason = f"{wrong} lần gõ sai trước đó" if wrong else ""
        office.audit(session.keys).add(officer.name, "sign-in", reason=reason)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=self._secure)
        return answer

    async def _leave(self, request: Request) -> Response:
        self._office.sessions.end(request.cookies.get(COOKIE, ""))
        self._office.forget_if_empty()
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=self._secure)
        return answer

    def _page(self, told: str, name: str, status: int) -> Response:
        template = self._office.templates.get_template("sign-in.html")
        return HTMLResponse(template.render(told=told, name=name), status)
