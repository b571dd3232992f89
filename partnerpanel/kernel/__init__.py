"""Values every app shares: money, periods, ids, errors, derivations. Standard library only."""
