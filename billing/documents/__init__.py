"""Invoices: numbered without a gap, never changed once they are open."""
