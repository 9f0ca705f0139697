"""Every table of the station: whatever module defines one is imported here."""

from uplink.station.database.engine import metadata
from uplink.station.desk.auth import audit, officers
from uplink.station.desk.cases import casebook
from uplink.station.downlink import queue
from uplink.station.notify import arrivals
from uplink.station.receive import store

__all__ = ["arrivals", "audit", "casebook", "metadata", "officers", "queue", "store"]
