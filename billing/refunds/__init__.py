"""Money that goes back: refunds as intents with a fixed key, and what is left of a payment."""
