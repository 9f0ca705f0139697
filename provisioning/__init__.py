"""The authority: who may be a station, who may be a kiosk, and a demo village of both."""
