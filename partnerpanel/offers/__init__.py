"""Why somebody leaves, and what is offered to those who may stay."""
