"""Cards: writing an image with one kiosk's data onto them, and telling what is on one."""
