"""Tickets: what customers ask, and what they are answered."""
