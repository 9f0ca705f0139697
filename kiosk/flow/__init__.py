"""A visit as pure state machines: (state, event) -> (state, effects)."""
