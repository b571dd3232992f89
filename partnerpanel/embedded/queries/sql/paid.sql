-- What was paid for the terms %(first)s to %(last)s of everybody in `size`: invoice, line, attempt, charge, payment, and their
-- events, as renewals leave them. Ids of one renewal differ in their fourth part alone.
CREATE TEMPORARY TABLE renewed AS
SELECT s.partner_id, s.customer_id, s.id AS subscription_id, s.currency, s.price_amount * s.quantity AS amount, s.quantity,
    p.name AS plan, m.id AS method_id, m.gateway_ref, t.number AS term, t.starts_on, t.ends_on, t.starts_at AS at,
    (SELECT next_number FROM billing_numberseries n WHERE n.partner_id = s.partner_id AND n.series = 'INV')
        + row_number() OVER (PARTITION BY s.partner_id ORDER BY t.number, s.id) - 1 AS number,
    lpad(to_hex((extract(epoch FROM t.starts_at) * 1000)::bigint), 12, '0') || '7' AS head,
    substr(replace(gen_random_uuid()::text, '-', ''), 15) AS rest
FROM size z
JOIN subscriptions_subscription s ON s.partner_id = z.partner_id
JOIN subscriptions_plan p ON p.partner_id = s.partner_id AND p.id = s.plan_id
JOIN billing_paymentmethod m ON m.partner_id = s.partner_id AND m.customer_id = s.customer_id AND m.is_default
JOIN subscriptions_term t ON t.partner_id = s.partner_id AND t.subscription_id = s.id
WHERE t.number BETWEEN %(first)s AND %(last)s;
ANALYZE renewed;

INSERT INTO billing_invoice (id, partner_id, series, number, kind, status, customer_id, subscription_id, term_number,
    period_starts_on, period_ends_on, currency, subtotal_amount, tax_amount, total_amount, credit_amount, paid_amount,
    reduced_amount, issued_on, issued_at, paid_at, version)
SELECT (head || '1' || rest)::uuid, partner_id, 'INV', number, 'renewal', 'paid', customer_id, subscription_id, term, starts_on,
    ends_on, currency, amount, 0, amount, 0, amount, 0, starts_on, at, at, 2
FROM renewed;
INSERT INTO billing_invoiceline (id, partner_id, invoice_id, position, kind, text, quantity, amount, tax_amount, taxes,
    period_starts_on, period_ends_on, derivation)
SELECT (head || '2' || rest)::uuid, partner_id, (head || '1' || rest)::uuid, 1, 'plan', plan, quantity, amount, 0, '[]',
    starts_on, ends_on, jsonb_build_object('rule', 'price_for_period', 'inputs', jsonb_build_object('plan', plan, 'quantity',
        quantity::text, 'price', round(amount / 100.0, 2) || ' ' || currency, 'from', starts_on, 'to', ends_on),
        'policy', '{}'::jsonb, 'parts', '[]'::jsonb)
FROM renewed;
INSERT INTO billing_paymentattempt (id, partner_id, invoice_id, customer_id, subscription_id, ordinal, purpose, status,
    currency, amount, gateway, method_id, method_ref, method_text, gateway_id, decline_code, decline_kind, action_url, made_at,
    first_asked_at, settled_at, attempts, last_error)
SELECT (head || '3' || rest)::uuid, partner_id, (head || '1' || rest)::uuid, customer_id, subscription_id, 1, 'renewal',
    'succeeded', currency, amount, 'sandbox', method_id, gateway_ref, 'Visa 0001', 'sbx_' || rest, '', '', '', at, at, at, 1, ''
FROM renewed;
INSERT INTO billing_sandboxcharge (id, partner_id, key, customer, method, amount, currency, metadata, off_session, status,
    is_first, charged_at)
SELECT (head || '4' || rest)::uuid, partner_id, (head || '3' || rest)::uuid, customer_id, gateway_ref, amount, currency,
    jsonb_build_object('attempt', (head || '3' || rest)::uuid, 'invoice', (head || '1' || rest)::uuid, 'subscription',
        subscription_id, 'partner', partner_id), true, 'succeeded', false, at
FROM renewed;
INSERT INTO billing_payment (id, partner_id, customer_id, invoice_id, attempt_id, source, currency, amount, gateway,
    gateway_id, method_text, note, received_on, recorded_at)
SELECT (head || '5' || rest)::uuid, partner_id, customer_id, (head || '1' || rest)::uuid, (head || '3' || rest)::uuid, 'card',
    currency, amount, 'sandbox', 'sbx_' || rest, 'Visa 0001', '', starts_on, at
FROM renewed;
INSERT INTO events_event (id, partner_id, kind, object_type, object_id, sequence, customer_id, action_id, occurred_at,
    recorded_at, actor_kind, request_id, data)
SELECT id, partner_id, kind, object_type, object_id, sequence, customer_id, (head || 'b' || rest)::uuid, at, at, 'system', '', data
FROM renewed, LATERAL (VALUES
    ((head || '7' || rest)::uuid, 'invoice.issued', 'invoice', (head || '1' || rest)::uuid, 1,
        jsonb_build_object('subscription', subscription_id, 'term', term)),
    ((head || '8' || rest)::uuid, 'payment.received', 'payment', (head || '5' || rest)::uuid, 1, jsonb_build_object(
        'subscription', subscription_id, 'invoice', (head || '1' || rest)::uuid, 'amount', jsonb_build_array(amount, currency))),
    ((head || '9' || rest)::uuid, 'invoice.paid', 'invoice', (head || '1' || rest)::uuid, 2, '{}'),
    ((head || 'a' || rest)::uuid, 'subscription.renewed', 'subscription', subscription_id, term,
        jsonb_build_object('term', term, 'until', ends_on))
) AS said (id, kind, object_type, object_id, sequence, data);
UPDATE subscriptions_subscription s SET version = r.term
FROM (SELECT partner_id, subscription_id, max(term) AS term FROM renewed GROUP BY 1, 2) AS r
WHERE s.partner_id = r.partner_id AND s.id = r.subscription_id;
UPDATE billing_numberseries n SET next_number = n.next_number + r.many
FROM (SELECT partner_id, count(*) AS many FROM renewed GROUP BY 1) AS r WHERE n.partner_id = r.partner_id AND n.series = 'INV';
DROP TABLE renewed;
