"""Free months for those who stay: given by itself with the payment that completes them."""
