"""Moving in: customers and subscriptions from files of other systems."""
