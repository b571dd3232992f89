"""What may be given back of a payment or a document, and how."""
