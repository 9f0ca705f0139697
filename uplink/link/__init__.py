"""What both ends of the link share: TLS, the MQTT connection, health, settings."""
