"""What every answer says to a browser, and what the parser lets through that no browser sends."""

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER_BYTES = 8192
_TOO_LARGE = 431
_NOT_OUR_VERSION = 505
_VERSIONS = ("1.0", "1.1")

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SecurityHeaders:
    """Wraps an application: the same protective headers on all its answers."""

    def __init__(self, app: ASGIApp, csp: str) -> None:
        self._app = app
        self._headers = {**_HEADERS, "Content-Security-Policy": csp}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        if scope["http_version"] not in _VERSIONS:
            await _refuse(guarded, _NOT_OUR_VERSION)
        elif _size(scope["headers"]) + len(scope["raw_path"]) > HEADER_BYTES:
            await _refuse(guarded, _TOO_LARGE)
        else:
            await self._app(scope, receive, guarded)


def _size(headers: Iterable[tuple[bytes, bytes]]) -> int:
    return sum(len(name) + len(value) + len(": \r\n") for name, value in headers)


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"connection", b"close"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body"})
