"""One mail to many, by a filter or by hand: previewed, confirmed, recalled, sent at a pace, stopped and resumed."""
