"""The local default: PostgreSQL, a broker, a mail catcher and the processes of `make demo`, all on loopback."""
