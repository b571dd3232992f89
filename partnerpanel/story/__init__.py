"""What happened to one subscription, told in order: events, money and mails."""
