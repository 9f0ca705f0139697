"""The small HTTP server that phones in the hall reach, and nothing else."""
