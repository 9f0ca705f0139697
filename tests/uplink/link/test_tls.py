"""The pin: who is taken for the broker, at whatever date, and with whatever ticket."""

import socket
import ssl
from pathlib import Path

import pytest

from tests.uplink.village import NOW, SERVER_NAME, Authority, Days, Village
from uplink.link.link_faults import LinkFault, of_error
from uplink.link.tls import MAX_PACKET, PinnedContext, pinned_context

CONNECT = b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x3c\x00\x02id"
CONNACK = b"\x20\x02\x00\x00"
PAST, FUTURE = (-20_000, -10_000), (10_000, 20_000)


def greet(context: PinnedContext, port: int) -> bool:
    """Be taken in by a broker; whether an earlier session was resumed."""
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        context.wrap_socket(plain) as secure,
    ):
        secure.sendall(CONNECT)
        assert secure.recv(len(CONNACK)) == CONNACK
        context.keep_ticket(secure)
        return bool(secure.session_reused)


@pytest.fixture
def kiosk(village: Village) -> Path:
    village.add_kiosk("kiosk").close()
    return village.folder / "kiosk"


def test_a_session_is_resumed_and_each_ticket_serves_once(village: Village, kiosk: Path) -> None:
    village.start_broker()
    context = pinned_context(village.access("kiosk"))
    assert [greet(context, village.port) for _ in range(3)] == [False, True, True]
    assert not greet(pinned_context(village.access("kiosk")), village.port)


def test_a_ticket_does_not_weaken_the_pin(village: Village, kiosk: Path) -> None:
    """An impostor at the broker's own address, after a good connection."""
    village.start_broker()
    context = pinned_context(village.access("kiosk"))
    greet(context, village.port)
    village.kill("broker")
    Authority().issue(village.folder / "broker", SERVER_NAME)
    village.make_broker_welcome_anybody()
    village.start_broker()
    with pytest.raises(ssl.SSLCertVerificationError):
        greet(context, village.port)


@pytest.mark.parametrize("valid", [PAST, FUTURE])
@pytest.mark.parametrize("of_authority", [NOW, PAST, FUTURE])
def test_dates_are_not_checked(
    village: Village, kiosk: Path, valid: Days, of_authority: Days
) -> None:
    """To a clock at 1970 or 2099 every certificate is out of date."""
    authority = Authority(of_authority)
    broker_trusts = (village.folder / "broker" / "ca.pem").read_bytes()
    authority.issue(village.folder / "broker", SERVER_NAME, valid)
    (village.folder / "broker" / "ca.pem").write_bytes(broker_trusts)
    (kiosk / "ca.pem").write_text(authority.pem)
    village.start_broker()
    context = pinned_context(village.access("kiosk"))
    assert [greet(context, village.port) for _ in range(2)] == [False, True]


@pytest.mark.parametrize("valid", [NOW, PAST, FUTURE])
def test_chain_and_name_are_checked_at_any_date(village: Village, kiosk: Path, valid: Days) -> None:
    for authority, name, trouble in (
        (Authority(), SERVER_NAME, LinkFault.WRONG_CA),
        (village.authority, "elsewhere.test", LinkFault.WRONG_NAME),
    ):
        authority.issue(village.folder / "broker", name, valid)
        village.start_broker()
        with pytest.raises(ssl.SSLCertVerificationError) as caught:
            greet(pinned_context(village.access("kiosk")), village.port)
        assert of_error(caught.value) is trouble
        village.kill("broker")


def test_older_tls_is_refused(village: Village, kiosk: Path) -> None:
    older = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    older.maximum_version = ssl.TLSVersion.TLSv1_2
    older.load_cert_chain(
        village.folder / "broker" / "tls.pem", village.folder / "broker" / "tls.key"
    )
    with pytest.raises(ssl.SSLError) as caught:
        _meet(older, pinned_context(village.access("kiosk")))
    assert of_error(caught.value) is LinkFault.OLD_TLS


def _meet(server: ssl.SSLContext, client: PinnedContext) -> None:
    """A handshake in memory."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    there = server.wrap_bio(to_server, to_client, server_side=True)
    here = client.wrap_bio(to_client, to_server, server_hostname=SERVER_NAME)
    for side in (here, there, here):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLError:
            if side is here:
                raise


def test_a_packet_that_is_too_large_is_not_read(village: Village, kiosk: Path) -> None:
    """A packet that claims 256 MB."""
    village.start_broker()
    context = pinned_context(village.access("kiosk"))
    with (
        socket.create_connection(("127.0.0.1", village.port)) as plain,
        context.wrap_socket(plain) as secure,
        pytest.raises(ConnectionAbortedError),
    ):
        secure.recv(MAX_PACKET + 1)
