"""The books compared with what gateways did: what was taken is booked once, what does not match waits for a person."""
