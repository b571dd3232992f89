"""What may be written down, and when silence is an outage."""
