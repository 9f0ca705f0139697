"""From a clause to the loudspeaker or the handset."""
