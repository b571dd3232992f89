"""The demo's data: three partners whose customers are in every state there is, written through the real services."""
