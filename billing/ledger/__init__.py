"""What a customer has in credit: an append-only ledger per currency that cannot go below zero."""
