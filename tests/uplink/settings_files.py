"""The settings of the village's station and couriers; their files lie beside them."""

from pathlib import Path

from kiosk.settings.courier import CourierSettings
from kiosk.settings.station import StationSettings

CA, CERT, TLS_KEY = Path("ca.pem"), Path("tls.pem"), Path("tls.key")


def station_settings(port: int, server_name: str) -> StationSettings:
    """A station whose broker listens on this port of loopback."""
    return StationSettings(
        broker=("127.0.0.1", port),
        server_name=server_name,
        folder=Path(),
        tls_ca=CA,
        tls_cert=CERT,
        tls_key=TLS_KEY,
        kiosks=Path("kiosks.toml"),
    )


def courier_settings(topic_id: str, port: int, server_name: str, slot_s: float) -> CourierSettings:
    """A courier of the same broker with one outbox, and a cell every `slot_s` seconds."""
    return CourierSettings(
        topic_id=topic_id,
        brokers=(("127.0.0.1", port),),
        server_name=server_name,
        slot_s=slot_s,
        outboxes=(Path("touch.db"),),
        tls_ca=CA,
        tls_cert=CERT,
        tls_key=TLS_KEY,
        link_key=Path("link.key"),
        row_key=Path("row.key"),
    )
