"""One base (`base`), three thin variants (`demo`, `test`, `production`)."""
