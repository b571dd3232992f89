"""Webhooks out: events told to the partners' own servers, as Standard Webhooks 1.0 has it."""
