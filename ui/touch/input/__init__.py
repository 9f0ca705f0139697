"""From raw touches to deliberate taps, and waiting for events without polling."""
