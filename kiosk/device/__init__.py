"""What one kiosk keeps on its card: configuration, outbox, inbox, notice board, hotspot."""
