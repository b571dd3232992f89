"""Mails to the partner's own people about what needs doing: at once, or in the morning."""
