"""Which taxes a sale carries, and how much they are."""
