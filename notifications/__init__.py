"""What people are told: messages made from events, sent once."""
