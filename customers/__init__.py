"""Customers of a partner: people and firms, their tags and notes."""
