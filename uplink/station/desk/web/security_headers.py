"""What every answer says to the browser, and how much may be posted."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 24 << 20
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; media-src 'self' blob: data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
REFUSALS = {
    403: "Trang này không phải của bàn đọc tin.",
    411: "Trình duyệt không cho biết độ dài. Xin dùng trình duyệt khác.",
    413: f"Gửi lên nhiều quá, tối đa {MAX_BODY >> 20} MB. Xin quay lại và chọn tệp nhỏ hơn.",
}
_OURS = ("same-origin", "none")


class SecurityHeaders:
    """Adds the headers, forbids keeping, refuses forms from elsewhere and bodies without end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        refusal = _refusal(scope["method"], Headers(scope=scope))
        answer = PlainTextResponse(REFUSALS[refusal], refusal) if refusal else self._app
        await answer(scope, receive, send_hardened)


def _refusal(method: str, headers: Headers) -> int | None:
    if method != "POST":
        return None
    length = headers.get("content-length", "")
    if not length.isdigit() or "transfer-encoding" in headers:
        return 411
    if int(length) > MAX_BODY:
        return 413
    came_from = headers.get("sec-fetch-site")
    return 403 if came_from is not None and came_from not in _OURS else None
