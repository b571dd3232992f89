"""Payment methods of customers: what a gateway holds for them, by its own name. Card numbers never reach us."""
