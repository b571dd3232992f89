"""`queue_health` and `partners_not_charging`: they look across partners and answer with numbers alone."""
