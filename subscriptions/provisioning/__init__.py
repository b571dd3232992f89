"""Provisioning: the subscription says what the service account should be, an adapter makes it so."""
