"""`homthu-phone`: serves the page to phones in the hall, and gives the Wi-Fi its key of the day."""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
import uvicorn

from kiosk.common.errors import EXIT_BAD_INPUT, ConfigError, KioskError, OutboxError
from kiosk.content import catalog as catalogues
from kiosk.content import questionnaire as questionnaires
from kiosk.content.assets import Clips
from kiosk.content.voice_pack import signed_folders
from kiosk.device.answer_boxes import AnswerBoxes
from kiosk.device.outbox import Outbox
from kiosk.protocol.picture_code import TRIES, TRIES_S
from ui.phone.server import settings as configs
from ui.phone.server import static_files as pages
from ui.phone.server.app import PhoneServer
from ui.phone.server.connection_limits import HEADER_S, GuardedProtocol
from ui.phone.server.notices import Bulletin
from ui.phone.server.picture_codes import Codes
from ui.phone.server.recorded_clips import with_voices
from ui.phone.server.security_headers import HEADER_BYTES
from ui.phone.server.settings import QUOTA_WINDOW_S, Settings
from ui.phone.server.submissions import Quota, Submissions
from ui.phone.server.wifi_key import rotate

EXIT_INTERRUPTED = 130
BACKLOG = 64
GRACE_S = 5
WISHES_A_REPORT = 4
"""A new code, and three looks for an answer."""

PHONE_TOML = click.Path(dir_okay=False, path_type=Path)
PHONE_TOML_HELP = "Tệp phone.toml. / The phone.toml that provisioning wrote."


@click.group(
    invoke_without_command=True,
    epilog="Mã thoát / exit codes: 0, 1, 2 (cấu hình sai / bad configuration), 130.",
)
@click.option("--config", "path", type=PHONE_TOML, help=PHONE_TOML_HELP)
@click.pass_context
def main(context: click.Context, path: Path | None) -> None:
    """Phục vụ trang cho điện thoại. / Serve the page to phones.

    Không có lệnh con thì chạy mãi. / Without a command it runs for ever.
    """
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(message)s")
    if context.invoked_subcommand is not None:
        return
    if path is None:
        raise click.UsageError("Missing option '--config'.")
    with _explained():
        serve(configs.load(path))


@main.command(name="rotate")
@click.option("--config", "path", type=PHONE_TOML, required=True, help=PHONE_TOML_HELP)
def rotate_command(path: Path) -> None:
    """Đổi khóa Wi-Fi. / Give the Wi-Fi a new key."""
    with _explained():
        rotate(configs.load(path))


def serve(settings: Settings) -> None:
    """Answer phones until a signal comes. Raises KioskError when it cannot begin."""
    kiosk = settings.kiosk
    packs = Clips(signed_folders(kiosk.voices, kiosk.authority))
    page = with_voices(pages.load(settings.page), packs, catalogues.load())
    quota = Quota(settings.reports_in_10_min, QUOTA_WINDOW_S)
    listening = _listening(settings)
    letterbox = Submissions(_outbox(settings), quota)
    bulletin = Bulletin(settings.kiosk, questionnaires.load())
    phones = PhoneServer(settings, page, letterbox, _codes(settings), bulletin)
    server = _Server(
        uvicorn.Config(
            phones.app(),
            loop="asyncio",
            http=GuardedProtocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level=logging.CRITICAL,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            backlog=BACKLOG,
            timeout_keep_alive=int(HEADER_S),
            timeout_graceful_shutdown=GRACE_S,
            h11_max_incomplete_event_size=HEADER_BYTES,
        )
    )
    try:
        server.run([listening])
    finally:
        phones.close()


class _Server(uvicorn.Server):
    """uvicorn, asleep while nobody asks: it would wake ten times a second for its Date header."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ended = asyncio.Event()

    async def main_loop(self) -> None:
        """Wait for a signal."""
        await self._ended.wait()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End on SIGTERM and on Ctrl-C."""
        super().handle_exit(sig, frame)
        asyncio.get_running_loop().call_soon_threadsafe(self._ended.set)


def _listening(settings: Settings) -> socket.socket:
    place = (settings.address, settings.port)
    try:
        return socket.create_server(place, backlog=BACKLOG)
    except OSError as error:
        raise ConfigError(
            "phone.toml",
            [f"cannot listen at {place[0]} port {place[1]} ({error.strerror})"],
            "bật Wi-Fi của kiosk trước, hoặc sửa [listen] / "
            "bring the hotspot up first, or correct [listen]",
        ) from None


def _outbox(settings: Settings) -> Outbox:
    try:
        key = settings.kiosk.row_key.read_bytes()
    except OSError as error:
        raise OutboxError("the row key cannot be read", "write the card again") from error
    return Outbox(settings.outbox, key)


def _codes(settings: Settings) -> Codes:
    boxes = AnswerBoxes(settings.kiosk, settings.kiosk.phone_code_key)
    asked = Quota(WISHES_A_REPORT * settings.reports_in_10_min, QUOTA_WINDOW_S)
    return Codes(boxes, asked, Quota(TRIES, TRIES_S))


@contextmanager
def _explained() -> Iterator[None]:
    """Tell a mistake and its cure in words and end with exit code 2; with 130 on Ctrl-C."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        yield
    except KioskError as error:
        click.echo(f"homthu-phone: {error}", err=True)
        sys.exit(EXIT_BAD_INPUT)
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)


if __name__ == "__main__":
    main()
