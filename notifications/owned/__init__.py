"""Texts that a partner has made its own: of mails that the product sends, and further ones to write with."""
