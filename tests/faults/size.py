"""How much the faults try: a little in every test run, all of it in `make faults`."""

from __future__ import annotations

import os

FULL = os.environ.get("FAULTS") == "full"

RENEWALS = 1_000 if FULL else 200
SEEDS = range(5 if FULL else 1)
# Seconds for which a broker is dead.
DEAD_FOR = 30.0 if FULL else 3.0
# Whoever has not come to rest by then never will, as far as we are concerned.
PATIENCE = 120.0
