"""Mailed links and codes with which customers sign in to the portal."""
