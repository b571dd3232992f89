"""Everything of a partner lies below this."""

AT = "panel/<slug:slug>/"
