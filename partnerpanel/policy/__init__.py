"""The partner's rules for renewals, grace, changes and data: typed, versioned, resolved with their source."""
