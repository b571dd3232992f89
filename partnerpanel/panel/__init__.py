"""The browser panel of a partner's staff."""
