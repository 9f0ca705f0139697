"""Where everything stands on a panel, in millimetres. No Kivy here."""
