"""Limits of a connection that HTTP itself does not set: how many, and how long they may take."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_S = 5.0
EXCHANGE_S = 20.0
CONNECTIONS = 64
CONNECTIONS_PER_ADDRESS = 8


class GuardedProtocol(H11Protocol):
    """One connection: closed when it is one too many, or too slow.

    The header must be there HEADER_S after the connection or the last answer; from then on, body
    and answer have EXCHANGE_S. A slow reader is cut off just as a slow writer is.
    """

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let the connection in, unless there are too many."""
        super().connection_made(transport)
        if self._one_too_many():
            self.connections.discard(self)
            transport.abort()
        else:
            self._expect_within(HEADER_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline with the connection."""
        if self._deadline:
            self._deadline.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; a request that is complete up to its body gets its own deadline."""
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._expect_within(EXCHANGE_S)

    def on_response_complete(self) -> None:
        """Wait for the next request, though not for ever."""
        self._expect_within(HEADER_S)
        super().on_response_complete()

    def _one_too_many(self) -> bool:
        address = _address(self)
        alike = [other for other in self.connections if _address(other) == address]
        return len(self.connections) > CONNECTIONS or len(alike) > CONNECTIONS_PER_ADDRESS

    def _expect_within(self, seconds: float) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self.transport.abort)


def _address(connection: object) -> str | None:
    client = getattr(connection, "client", None)
    return client[0] if client else None
