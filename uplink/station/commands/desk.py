"""`homthu-station desk`, `officer` and `audit`."""

import ssl
from contextlib import closing
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import click
import uvicorn

from kiosk.common.errors import StationError
from kiosk.settings.station import StationSettings, load_station
from uplink.link.command_line import explained
from uplink.station.commands.command_line import config_option, passphrase_option, read_passphrase
from uplink.station.database.engine import open_engine
from uplink.station.desk.app import create_app
from uplink.station.desk.auth.audit import AuditLog
from uplink.station.desk.auth.officers import Officers, Role
from uplink.station.desk.web.app_state import LEAST_KIOSKS, AppState

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
QUIETLY: dict[str, Any] = {
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "proxy_headers": False,
    "lifespan": "off",
    "timeout_graceful_shutdown": 5,
}
"""How uvicorn serves the desk: it tells nobody what it is, and writes no visitor down."""


@click.command()
@config_option
@click.option(
    "--listen",
    default="127.0.0.1:8787",
    show_default=True,
    help="Địa chỉ của bàn đọc tin. / Where the desk is served.",
)
@click.option(
    "--tls-cert",
    type=click.Path(exists=True, dir_okay=False),
    help="Chứng thư của máy này; cần khi không phải máy này mở. / For other machines than this.",
)
@click.option(
    "--tls-key", type=click.Path(exists=True, dir_okay=False), help="Khóa của nó. / Its key."
)
def desk(config: Path, listen: str, tls_cert: str | None, tls_key: str | None) -> None:
    """Mở bàn đọc tin cho trình duyệt. / Serve the pages on which officers read."""
    with explained():
        settings = load_station(config)
        host, port = _address(listen)
        secure = bool(tls_cert and tls_key)
        if not secure and host not in LOOPBACK_NAMES:
            raise StationError(
                "máy khác mở được thì phải có TLS / other machines need TLS",
                "thêm --tls-cert và --tls-key, hoặc nghe ở 127.0.0.1 / give both, or 127.0.0.1",
            )
        with closing(AppState(settings)) as office:
            for name, size in office.small_clusters().items():
                click.echo(
                    f"Cụm {name!r} chỉ có {size} kiosk, dễ đoán ra bản; cần ít nhất {LEAST_KIOSKS}."
                    " / This cluster hides a village among too few.",
                    err=True,
                )
            app = create_app(office, (host, *LOOPBACK_NAMES), secure=secure)
            scheme = "https" if secure else "http"
            click.echo(f"Bàn đọc tin: {scheme}://{listen}/", err=True)
            tls = _mutual(settings, tls_cert, tls_key) if secure else {}
            uvicorn.run(
                app,
                host=host,
                port=port,
                **QUIETLY,
                **tls,
            )


@click.group()
def officer() -> None:
    """Tài khoản của cán bộ. / The officers who may sign in."""


@officer.command()
@config_option
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@passphrase_option
@click.option(
    "--officer-passphrase-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Đọc mật khẩu của cán bộ từ tệp. / Read the officer's own passphrase from a file.",
)
def add(
    config: Path,
    name: str,
    role: str,
    passphrase_file: Path | None,
    officer_passphrase_file: Path | None,
) -> None:
    """Thêm cán bộ NAME, hay đặt lại mật khẩu. / Add NAME, or give a new passphrase.

    Hỏi mật khẩu của đồn, rồi mật khẩu riêng của cán bộ.
    """
    with explained():
        settings = load_station(config)
        station_secret = read_passphrase(passphrase_file, confirm=False)
        click.echo(f"Mật khẩu riêng của {name} / {name}'s own:", err=True)
        secret = read_passphrase(officer_passphrase_file, confirm=True)
        made = _officers(settings).add(name, Role(role), secret, settings.folder, station_secret)
    click.echo(f"{made.number} {made.name} {made.role}")


@officer.command()
@config_option
@click.argument("name")
def remove(config: Path, name: str) -> None:
    """Cán bộ NAME không vào được nữa. / Let NAME sign in no longer."""
    with explained():
        _officers(load_station(config)).remove(name)


@officer.command(name="list")
@config_option
def list_command(config: Path) -> None:
    """Ai vào được. / Who may sign in."""
    with explained():
        for each in _officers(load_station(config)).all():
            click.echo(f"{each.number} {each.name} {each.role}")


@click.group()
def audit() -> None:
    """Sổ mở tin. / The log of who opened what."""


@audit.command()
@config_option
@passphrase_option
def verify(config: Path, passphrase_file: Path | None) -> None:
    """Kiểm tra sổ mở tin có bị sửa không. / Find out whether the log was tampered with."""
    with explained():
        settings = load_station(config)
        secret = read_passphrase(passphrase_file, confirm=False)
        engine = open_engine(settings.database_url)
        data_key = Officers(engine).data_key(secret)
        count, fingerprint = AuditLog(engine, data_key).verify()
    click.echo(f"Sổ còn nguyên: {count} dòng, mã {fingerprint}. / The log is whole.")


def _officers(settings: StationSettings) -> Officers:
    return Officers(open_engine(settings.database_url))


def _address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    try:
        if host != "localhost":
            ip_address(host)
        if not 0 < int(port) < 65536:
            raise ValueError
    except ValueError as error:
        raise click.BadParameter("cần dạng 127.0.0.1:8787 / use 127.0.0.1:8787") from error
    return host, int(port)


def _mutual(settings: StationSettings, cert: str | None, key: str | None) -> dict[str, Any]:
    """Only browsers with a certificate of the authority may connect."""
    return {
        "ssl_certfile": cert,
        "ssl_keyfile": key,
        "ssl_ca_certs": str(settings.access.tls_ca),
        "ssl_cert_reqs": ssl.CERT_REQUIRED,
    }
