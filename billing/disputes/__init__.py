"""Payments that a customer's bank takes back: where each dispute stands, and what it cost."""
