"""Backup and restore of the whole installation; after a restore charging waits for the reconciler."""
