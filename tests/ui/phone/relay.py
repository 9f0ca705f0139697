"""Wi-Fi that can be lost: passes connections on, and can swallow the answer to the next report."""

import socket
import threading
from contextlib import suppress

CHUNK = 65_536


class Relay:
    """Listens at `address` and passes on to `upstream` until closed."""

    def __init__(self, address: str, upstream: tuple[str, int]) -> None:
        self._upstream = upstream
        self._listener = socket.create_server((address, 0))
        self.port: int = self._listener.getsockname()[1]
        self.posts = 0
        self.carried = 0
        self.answers_to_swallow = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                phone, _ = self._listener.accept()
                server = socket.create_connection(self._upstream)
                for work in (self._forward, self._answer):
                    threading.Thread(target=work, args=(phone, server), daemon=True).start()

    def _forward(self, phone: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := phone.recv(CHUNK):
                self.posts += data.startswith(b"POST /r ")
                self.carried += len(data)
                server.sendall(data)
            server.shutdown(socket.SHUT_WR)

    def _answer(self, phone: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(CHUNK):
                self.carried += len(data)
                if self.answers_to_swallow and b'{"kept":' in data:
                    self.answers_to_swallow -= 1
                    break
                phone.sendall(data)
        for end in (phone, server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
