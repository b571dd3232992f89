"""What customers bring along when they move in: a balance, an open invoice, a card that a gateway knows already."""
