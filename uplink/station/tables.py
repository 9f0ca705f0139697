"""Every table of the station: whatever module defines one is imported here."""

from uplink.station import down_queue, news, store
from uplink.station.database import metadata
from uplink.station.desk import audit, casebook, officers

__all__ = ["audit", "casebook", "down_queue", "metadata", "news", "officers", "store"]
