"""One module per part of the panel. A view translates, calls one thing, translates back."""
