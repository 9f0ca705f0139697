"""What the station tells its villages: notices, procedures, loudspeaker hours."""
