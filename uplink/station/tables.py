"""Every table of the station: whatever module defines one is imported here."""

from uplink.station import down_queue, store
from uplink.station.database import metadata

__all__ = ["down_queue", "metadata", "store"]
