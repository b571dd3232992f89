"""What the tables keep of people: judged column by column, erased and handed out by the same list."""
