"""The REST API: translates requests into actions and queries, and what they say back into JSON."""
