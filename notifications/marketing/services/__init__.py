"""Changing what is kept of marketing, each in the open scope."""
