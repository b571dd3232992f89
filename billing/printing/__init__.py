"""Documents as PDF: what stands on one, its words in the customer's language, and the sheet that it is set on."""
