"""Everything of a partner's customers lies below this, or on a host name of the partner's own."""

AT = "p/<slug:slug>/"
