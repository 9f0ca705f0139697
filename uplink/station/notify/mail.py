"""Tells the station's own mailbox that something has come, and whether it is urgent.

Nothing else is in a mail: neither how many, nor from where, nor what, which the receiver cannot
know. Ordinary news waits for the next multiple of `every_minutes` on the clock, so that the moment
of a mail tells no more than that; urgent news goes within a minute, and whoever watches the mail
line sees that it does. The daily canaries of the kiosks cause ordinary mails too, which therefore
prove nothing.
"""

import logging
import smtplib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

from kiosk.common.errors import StationError
from kiosk.common.event_codes import EventCode
from kiosk.settings.mail import STARTTLS, MailSettings
from kiosk.settings.station import StationSettings
from uplink.station import channel_status
from uplink.station.notify.arrivals import ArrivalCounter

LOOK_S = 60.0
PATIENCE_S = 30.0
FAILING = "mail_failing"

URGENT = "Hòm thư: có tin KHẨN"
ORDINARY = "Hòm thư: có tin mới"
BODY = (
    "Kính gửi đơn vị,\n\n{subject}.\n"
    "Xin mở bàn đọc tin để xem. Thư này không nói tin gì, từ đâu và bao nhiêu.\n"
)

log = logging.getLogger(__name__)


class Mailer:
    """Sends what `newsroom` has, and notes in the station's `folder` how that went.

    `now` gives Unix seconds.
    """

    def __init__(
        self,
        settings: MailSettings,
        newsroom: ArrivalCounter,
        folder: Path,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._newsroom = newsroom
        self._folder = folder
        self._now = now
        self._period = self._current_period()

    def look(self) -> None:
        """Send a mail if one is due; one that fails is tried again at the next look."""
        try:
            self._tell()
        except StationError as error:
            log.warning(error.code)
        except OSError:
            log.warning(EventCode.MAIL_NOT_SENT)
            channel_status.note(self._folder, channel_status.MAIL_FILE, [FAILING])

    def _tell(self) -> None:
        period = self._current_period()
        news = self._newsroom.news(int(self._now()))
        if news.any and not news.urgent and period == self._period:
            return
        if news.any:
            self._send(URGENT if news.urgent else ORDINARY)
            channel_status.note(self._folder, channel_status.MAIL_FILE, [])
        self._newsroom.told(news)
        self._period = period

    def _current_period(self) -> int:
        return int(self._now()) // (self._settings.every_minutes * 60)

    def _send(self, subject: str) -> None:
        settings = self._settings
        context = ssl.create_default_context(cafile=settings.ca)
        mail = _mail(settings, subject)
        place = (settings.host, settings.port)
        if settings.security == STARTTLS:
            with smtplib.SMTP(*place, timeout=PATIENCE_S) as server:
                server.starttls(context=context)
                _hand_over(server, settings, mail)
        else:
            with smtplib.SMTP_SSL(*place, timeout=PATIENCE_S, context=context) as server:
                _hand_over(server, settings, mail)


@contextmanager
def mailing(settings: StationSettings) -> Iterator[None]:
    """Meanwhile send mail, on a thread of its own; without a section [mail] nothing happens."""
    if settings.mail is None:
        yield
        return
    stopping = threading.Event()
    with closing(ArrivalCounter(settings.database_url)) as newsroom:
        mailer = Mailer(settings.mail, newsroom, settings.folder)
        work = threading.Thread(target=_go_on, args=(mailer, stopping), daemon=True)
        work.start()
        try:
            yield
        finally:
            stopping.set()


def _go_on(mailer: Mailer, stopping: threading.Event) -> None:
    mailer.look()
    while not stopping.wait(LOOK_S):
        mailer.look()


def _hand_over(server: smtplib.SMTP, settings: MailSettings, mail: EmailMessage) -> None:
    if settings.user:
        server.login(settings.user, settings.password)
    server.send_message(mail)


def _mail(settings: MailSettings, subject: str) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = settings.sender
    mail["To"] = settings.to
    mail["Date"] = formatdate()
    mail["Message-ID"] = make_msgid(domain=settings.sender.partition("@")[2])
    mail.set_content(BODY.format(subject=subject))
    return mail
