"""What hangs on the wall and sticks to the kiosk: poster, leaflet and label as PDFs."""
