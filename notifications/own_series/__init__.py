"""Series of mails that partners make themselves: begun by an event, sent after days, stopped by another event."""
