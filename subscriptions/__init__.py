"""What customers subscribe to, on which terms, with what access, and the service behind it."""
