"""The `stripe` gateway: each partner's own Stripe account, by its own key.

A charge is a PaymentIntent that is made and confirmed in one call while the customer is not there. Which of our keys it
stands for is in its metadata; what was asked under a key is in a row written before the call, so that a key that comes
again with another question never reaches Stripe, and an answer that got lost is looked for at the right customer.
"""
