"""Events: the append-only record of every change, and the outbox that carries it to its consumers."""
