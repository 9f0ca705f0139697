"""A TCP proxy that counts and times what goes through it either way."""

import selectors
import socket
import struct
import threading
import time
from contextlib import suppress
from typing import NamedTuple

from uplink.link.data_cost import Wire

MSS = 1360
"""What a mobile network's MTU of 1400 bytes leaves; timestamps take 12 of it."""

_TCP_INFO_SEGMENTS = 136
"""Where struct tcp_info of Linux has tcpi_segs_out and tcpi_segs_in, u32 each."""

_LAST_ACK_S = 0.05


class Burst(NamedTuple):
    """Bytes that came at once: monotonic seconds, whether the client sent them, how many."""

    time: float
    up: bool
    size: int


class CountingProxy:
    """Listens on `port` of loopback for one connection after another to `target`."""

    def __init__(self, target: int) -> None:
        self.up = self.down = 0
        self.ended = 0
        self.bursts: list[Burst] = []
        self._target = target
        self._client: socket.socket | None = None
        self._segments = 0
        self._lock = threading.Lock()
        self._listener = socket.socket()
        self._listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, MSS)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self._listener.settimeout(0.05)
        self.port: int = self._listener.getsockname()[1]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def total(self) -> Wire:
        """Payload bytes and segments between client and proxy so far, ends of connections too."""
        with self._lock:
            live = self._client is not None
            return Wire(self.up, self.down, self._segments + (self._count() if live else 0))

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self._listener.close()

    def _count(self) -> int:
        assert self._client is not None
        info = self._client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
        return sum(struct.unpack_from("II", info, _TCP_INFO_SEGMENTS))

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            with client, socket.create_connection(("127.0.0.1", self._target)) as broker:
                for end in (client, broker):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._client = client
                self._pass_on(client, broker)
                self._end(client)

    def _end(self, client: socket.socket) -> None:
        with suppress(OSError):
            client.shutdown(socket.SHUT_WR)
        self._stop.wait(_LAST_ACK_S)
        with self._lock:
            self._segments += self._count()
            self._client = None
            self.ended += 1

    def _pass_on(self, client: socket.socket, broker: socket.socket) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ, broker)
            selector.register(broker, selectors.EVENT_READ, client)
            while not self._stop.is_set():
                for key, _ in selector.select(0.05):
                    source: socket.socket = key.fileobj  # type: ignore[assignment]
                    try:
                        data = source.recv(65_536)
                        key.data.sendall(data)
                    except OSError:
                        data = b""
                    if not data:
                        return
                    self.bursts.append(Burst(time.monotonic(), source is client, len(data)))
                    if source is client:
                        self.up += len(data)
                    else:
                        self.down += len(data)
