"""A broker with the right certificate that speaks just enough MQTT 5 to misbehave."""

import socket
import ssl
import threading

from tests.uplink.village import Village

CONNECT, PUBLISH, SUBSCRIBE = 0x10, 0x30, 0x80
SUCCESS, NOT_AUTHORISED, TAKEN_OVER = 0x00, 0x87, 0x8E
SMALL_PACKETS = b"\x27\x00\x00\x08\x00"
"""The property Maximum Packet Size with 2048 (MQTT 5, 3.2.2.3.6)."""


class ScriptedBroker:
    """Listens on `port`; the attributes say what it answers.

    `cells` is what was published, `ended` how many of the `connections` are over.
    """

    def __init__(self, village: Village) -> None:
        self.connack = SUCCESS
        self.limits = b""
        self.suback = SUCCESS
        self.puback: int | None = SUCCESS
        self.last_words = b""
        self.cells: list[bytes] = []
        self.connections = self.ended = 0
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        folder = village.folder / "broker"
        self._context.load_cert_chain(folder / "tls.pem", folder / "tls.key")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.port: int = self._listener.getsockname()[1]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self._listener.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                plain, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            try:
                with self._context.wrap_socket(plain, server_side=True) as client:
                    client.settimeout(0.05)
                    self._serve(client)
            except OSError:
                pass
            self.ended += 1

    def _serve(self, client: ssl.SSLSocket) -> None:
        while not self._stop.is_set():
            packet = self._packet(client)
            if packet is None:
                return
            kind, body = packet
            if kind == CONNECT:
                rest = bytes([self.connections > 1, self.connack, len(self.limits)]) + self.limits
                client.sendall(bytes([0x20, len(rest)]) + rest)
            elif kind == SUBSCRIBE:
                client.sendall(b"\x90\x04" + body[:2] + bytes([0, self.suback]))
            elif kind == PUBLISH:
                self._published(client, body)

    def _published(self, client: ssl.SSLSocket, body: bytes) -> None:
        self.cells.append(body[-4096:])
        topic = int.from_bytes(body[:2], "big")
        if self.puback is not None:
            client.sendall(b"\x40\x03" + body[2 + topic : 4 + topic] + bytes([self.puback]))
        if self.last_words:
            client.sendall(self.last_words)

    def _packet(self, client: ssl.SSLSocket) -> tuple[int, bytes] | None:
        """The next packet's type and what follows its length; None at the end."""
        kind = self._read(client, 1)
        if not kind:
            return None
        length = shift = 0
        while byte := self._read(client, 1):
            length |= (byte[0] & 0x7F) << shift
            shift += 7
            if byte[0] < 0x80:
                return kind[0] & 0xF0, self._read(client, length)
        return None

    def _read(self, client: ssl.SSLSocket, size: int) -> bytes:
        data = b""
        while len(data) < size and not self._stop.is_set():
            try:
                more = client.recv(size - len(data))
            except TimeoutError:
                continue
            if not more:
                return b""
            data += more
        return data
