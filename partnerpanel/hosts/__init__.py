"""A partner's own host names: wished for, proved by the DNS, looked at every day."""
