"""Colours that can be read, and what a brand may say. Pure."""
