"""The `manual` gateway: no gateway at all. Money comes by bank or in cash and is recorded by people."""
