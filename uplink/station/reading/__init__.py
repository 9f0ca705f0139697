"""Opening reports and attachments; decoders of what strangers sent run apart."""
