"""The way to the station: the courier on the kiosk and the station at the far end."""
