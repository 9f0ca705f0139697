"""The page that phones get from the kiosk's Wi-Fi, and the small server behind it."""
