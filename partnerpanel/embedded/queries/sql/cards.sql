-- Every customer in `size` has a card that pays, and the partner a series of numbers, where that is missing.
INSERT INTO billing_paymentmethod (id, partner_id, customer_id, gateway, gateway_ref, brand, last4, exp_month, exp_year,
    is_default, added_at, version)
SELECT gen_random_uuid(), c.partner_id, c.id, 'sandbox', 'sandbox_ok', 'Visa', '0001', 12, 2099, true, %(now)s, 1
FROM customers_customer c JOIN size USING (partner_id)
WHERE NOT EXISTS (
    SELECT FROM billing_paymentmethod m WHERE m.partner_id = c.partner_id AND m.customer_id = c.id AND m.is_default
);
INSERT INTO billing_numberseries (id, partner_id, series, next_number)
SELECT gen_random_uuid(), partner_id, 'INV', 1 FROM size
WHERE NOT EXISTS (SELECT FROM billing_numberseries n WHERE n.partner_id = size.partner_id AND n.series = 'INV');
