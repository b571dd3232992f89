"""Changes within a period: what they cost, what they give back, and what they set. Pure."""
