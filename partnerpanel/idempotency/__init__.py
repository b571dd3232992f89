"""Requests that may be sent twice and act once: what each did, and what it was answered."""
