"""A partner's own address as the sender of its mails: wished for, proved by the DNS, looked at every day."""
