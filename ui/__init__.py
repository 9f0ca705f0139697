"""What people see: the touch app, the picture tiles and, later, the phone page."""
