"""The kiosk's end of the link: one cell each way every slot."""
