"""Getting one unpaid renewal paid: retries, grace, warning, deadline."""
