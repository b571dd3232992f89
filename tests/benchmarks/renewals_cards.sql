-- Every customer of the partner has a card that pays; their subscriptions have been reminded and are due when the term ends.
INSERT INTO billing_paymentmethod (id, partner_id, customer_id, gateway, gateway_ref, brand, last4, exp_month, exp_year,
    is_default, added_at, version)
SELECT gen_random_uuid(), partner_id, id, 'sandbox', 'sandbox_ok', 'Visa', '0001', 12, 2099, true, %(now)s, 1
FROM customers_customer WHERE partner_id = %(partner)s;

UPDATE subscriptions_subscription s SET due_at = t.ends_at - interval '3 days'
FROM subscriptions_term t WHERE s.partner_id = %(partner)s AND t.partner_id = s.partner_id AND t.subscription_id = s.id;

-- No invoice has been numbered yet.
INSERT INTO billing_numberseries (id, partner_id, series, next_number) VALUES (gen_random_uuid(), %(partner)s, 'INV', 1);
