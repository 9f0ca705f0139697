"""The mail to the station's own mailbox, against a real SMTP server with TLS on loopback."""

import secrets
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from kiosk.common.errors import ConfigError
from kiosk.protocol.cells import BODY, Chunk, Header, Kind
from kiosk.settings.mail import STARTTLS, TLS, MailSettings
from kiosk.settings.station import load_station
from tests.ports import free_port
from tests.toml_files import edit
from tests.uplink.commands import station_command
from tests.uplink.village import Authority, Village
from tests.waiting import DEADLINE, wait_until
from uplink.station import channel_status
from uplink.station.notify.arrivals import ArrivalCounter
from uplink.station.notify.mail import BODY as TEXT
from uplink.station.notify.mail import ORDINARY, URGENT, Mailer
from uplink.station.receive.store import Arrival, Store

KIOSK = "a" * 32

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
"""The server's library does not see that its socket speaks TLS from the start."""

PASSWORD = "thu-cua-don"
HOUR = 3600
NOON = 500_000 * HOUR


class Mailbox:
    """What a server has taken."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]


def _may(server: object, session: object, envelope: object, how: str, data: object) -> AuthResult:
    right = isinstance(data, LoginPassword) and data.password.decode() == PASSWORD
    return AuthResult(success=right, handled=False)


class Office:
    """A station's newsroom and mailer, whose clock is set by hand."""

    def __init__(self, folder: Path, url: str, settings: MailSettings) -> None:
        self.folder = folder
        self.time = NOON
        self.store = Store(url)
        self.newsroom = ArrivalCounter(url)
        self.settings = settings
        self.restart()

    def restart(self) -> None:
        self.mailer = Mailer(self.settings, self.newsroom, self.folder, lambda: self.time)
        self.mailer.look()

    def close(self) -> None:
        self.store.close()
        self.newsroom.close()

    def arrive(self, urgent: bool = False, kind: Kind = Kind.ICON) -> Chunk:
        header = Header(kind, urgent, secrets.token_bytes(16), 0, 1)
        chunk = Chunk(header, secrets.token_bytes(BODY))
        self.again(chunk)
        return chunk

    def again(self, chunk: Chunk) -> None:
        self.store.store_batch([Arrival(KIOSK, chunk)], [], [], self.time // HOUR)

    def later(self, seconds: int) -> None:
        self.time += seconds
        self.mailer.look()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def serve(tmp_path: Path, mailbox: Mailbox) -> Iterator[Callable[..., int]]:
    """Starts a server that speaks TLS from the start, or after STARTTLS; its port."""
    Authority().issue(tmp_path / "smtp", "localhost")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "smtp" / "tls.pem", tmp_path / "smtp" / "tls.key")
    with ExitStack() as running:

        def start(security: str, port: int = 0) -> int:
            port = port or free_port()
            at_once = security == TLS
            server = Controller(
                mailbox, hostname="127.0.0.1", port=port, authenticator=_may,
                auth_required=True, auth_require_tls=security == STARTTLS,
                ssl_context=context if at_once else None,
                tls_context=None if at_once else context,
            )  # fmt: skip
            server.start()
            running.callback(server.stop)
            return port

        yield start


@pytest.fixture
def office(tmp_path: Path, database: str, serve: Callable[..., int]) -> Iterator[Office]:
    settings = settings_for(tmp_path, serve(TLS))
    with closing(Office(tmp_path, database, settings)) as made:
        yield made


def settings_for(
    folder: Path, port: int, security: str = TLS, password: str = PASSWORD
) -> MailSettings:
    secret = folder / "mail.password"
    secret.write_text(password)
    return MailSettings(
        host="localhost",
        port=port,
        security=security,
        sender="homthu@don.test",
        to="don@don.test",
        user="homthu",
        password_file=secret,
        ca=folder / "smtp" / "ca.pem",
    )


def test_ordinary_news_waits_for_its_hour_and_urgent_news_does_not(
    office: Office, mailbox: Mailbox
) -> None:
    office.arrive()
    office.arrive()
    office.later(HOUR)
    assert mailbox.subjects == []
    office.later(3 * HOUR)
    assert mailbox.subjects == [ORDINARY]
    office.later(8 * HOUR)
    assert mailbox.subjects == [ORDINARY], "nothing new, no mail"
    office.arrive(urgent=True)
    office.later(60)
    assert mailbox.subjects == [ORDINARY, URGENT]
    office.later(60)
    office.later(4 * HOUR)
    assert mailbox.subjects == [ORDINARY, URGENT], "each is told once"


def test_a_mail_says_that_and_nothing_more(office: Office, mailbox: Mailbox) -> None:
    for _ in range(3):
        office.arrive(urgent=True)
        office.later(60)
    first, *others = mailbox.mails
    assert first.get_content() == TEXT.format(subject=URGENT)
    assert (first["From"], first["To"]) == ("homthu@don.test", "don@don.test")
    assert set(first.keys()) <= {
        "Subject", "From", "To", "Date", "Message-ID", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version", "X-Peer", "X-MailFrom", "X-RcptTo",
    }  # fmt: skip
    assert {mail.get_content() for mail in others} == {first.get_content()}
    assert KIOSK not in first.as_string()


def test_cells_that_come_again_and_attachments_are_no_news(
    office: Office, mailbox: Mailbox
) -> None:
    chunk = office.arrive()
    office.later(4 * HOUR)
    office.again(chunk)
    office.arrive(kind=Kind.VOICE)
    office.later(4 * HOUR)
    office.restart()
    office.later(4 * HOUR)
    assert mailbox.subjects == [ORDINARY]


def test_what_was_there_before_the_mail_was_set_up_is_no_news(
    tmp_path: Path, database: str, serve: Callable[..., int], mailbox: Mailbox
) -> None:
    with closing(Office(tmp_path, database, settings_for(tmp_path, serve(TLS)))) as office:
        office.time += HOUR * 24
        office.arrive(urgent=True)
        office.later(60)
        assert mailbox.subjects == [URGENT]
    with closing(Office(tmp_path, database, office.settings)) as again:
        again.time += HOUR * 48
        again.later(0)
        assert mailbox.subjects == [URGENT]


@pytest.mark.parametrize("security", [TLS, STARTTLS])
def test_a_server_that_is_down_delays_and_is_noted(
    tmp_path: Path, security: str, serve: Callable[..., int], mailbox: Mailbox
) -> None:
    port = free_port()
    url = f"sqlite:///{tmp_path / 'station.db'}"
    with closing(Office(tmp_path, url, settings_for(tmp_path, port, security))) as office:
        office.arrive(urgent=True)
        office.later(60)
        assert channel_status.noted(tmp_path) == ["mail_failing"]
        serve(security, port)
        office.later(60)
        assert channel_status.noted(tmp_path) == []
        assert mailbox.subjects == [URGENT]


def test_nothing_goes_to_a_server_that_cannot_prove_its_name_or_refuses_us(
    tmp_path: Path, serve: Callable[..., int], mailbox: Mailbox
) -> None:
    port = serve(TLS)
    stranger = settings_for(tmp_path, port)
    (tmp_path / "smtp" / "ca.pem").rename(tmp_path / "smtp" / "other.pem")
    Authority().issue(tmp_path / "smtp2", "localhost")
    (tmp_path / "smtp2" / "ca.pem").rename(tmp_path / "smtp" / "ca.pem")
    url = f"sqlite:///{tmp_path / 'station.db'}"
    with closing(Office(tmp_path, url, stranger)) as office:
        office.arrive(urgent=True)
        office.later(60)
        assert channel_status.noted(tmp_path) == ["mail_failing"]
        (tmp_path / "smtp" / "other.pem").rename(tmp_path / "smtp" / "ca.pem")
        office.settings = settings_for(tmp_path, port, password="not this")
        office.restart()
        office.later(60)
        assert channel_status.noted(tmp_path) == ["mail_failing"]
    assert mailbox.mails == []


MAIL = {
    "mail.host": "localhost",
    "mail.from": "homthu@don.test",
    "mail.to": "don@don.test",
    "mail.user": "homthu",
    "mail.password_file": "mail.password",
    "mail.ca": "../smtp/ca.pem",
}


def test_the_receiver_mails_and_health_tells_when_it_cannot(
    village: Village, serve: Callable[..., int], mailbox: Mailbox
) -> None:
    secret = village.station / "mail.password"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    port = free_port()
    edit(village.station / "station.toml", MAIL | {"mail.port": port})
    url = load_station(village.station / "station.toml").database_url
    with closing(ArrivalCounter(url)) as newsroom, closing(Store(url)) as store:
        earlier = int(time.time()) - 5 * HOUR
        newsroom.told(newsroom.news(earlier))
        header = Header(Kind.ICON, True, secrets.token_bytes(16), 0, 1)
        arrival = Arrival(KIOSK, Chunk(header, secrets.token_bytes(BODY)))
        store.store_batch([arrival], [], [], earlier // HOUR)
    village.start_broker()
    village.start_station()
    wait_until(lambda: "mail_failing" in channel_status.noted(village.station))
    told, _ = station_command(village, "health").communicate(timeout=DEADLINE)
    assert "không gửi được thư báo" in " ".join(told.split())
    serve(TLS, port)
    village.terminate("station")
    village.start_station()
    wait_until(lambda: mailbox.subjects == [URGENT])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"mail.to": None}, "mail.to is missing"),
        ({"mail.from": None}, "mail.from is missing"),
        ({"mail.cas": ""}, "unknown key in [mail]: 'cas', did you mean 'ca'"),
    ],
)
def test_a_section_that_cannot_be_used_is_told(
    village: Village, change: dict[str, str | None], told: str
) -> None:
    (village.station / "mail.password").write_text(PASSWORD)
    (village.station / "mail.password").chmod(0o644)
    config = village.station / "station.toml"
    edit(edit(config, MAIL), change)
    with pytest.raises(ConfigError) as caught:
        load_station(config)
    assert "0600" in str(caught.value)
    assert told in str(caught.value)
