"""How a partner looks and signs: on documents, in mails, and on the pages that its customers see."""
