"""Taxes, pure."""
