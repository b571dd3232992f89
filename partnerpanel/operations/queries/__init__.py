"""Questions across all partners, answered with counts."""
