"""Partners, their people, and the three walls that keep one partner's rows from another's."""
