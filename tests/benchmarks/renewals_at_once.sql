-- What renewing everybody who is due comes to, set by set: the rows of a whole renewal, and where they end.
WITH due AS MATERIALIZED (
    SELECT s.id AS subscription_id, s.customer_id, s.version, s.quantity, s.currency, s.price_amount * s.quantity AS amount,
        p.name AS plan, m.id AS method_id, m.gateway_ref,
        (SELECT max(number) + 1 FROM subscriptions_term t WHERE t.partner_id = s.partner_id AND t.subscription_id = s.id) AS term,
        (SELECT next_number FROM billing_numberseries WHERE partner_id = %(partner)s AND series = 'INV')
            + row_number() OVER (ORDER BY s.id) - 1 AS number,
        gen_random_uuid() AS tail
    FROM subscriptions_subscription s
    JOIN subscriptions_plan p ON p.partner_id = s.partner_id AND p.id = s.plan_id
    JOIN billing_paymentmethod m ON m.partner_id = s.partner_id AND m.customer_id = s.customer_id AND m.is_default
    WHERE s.partner_id = %(partner)s AND s.due_at <= %(now)s AND s.parked_at IS NULL
), made AS MATERIALIZED (
    -- In the order of time like version 7, the rest at random.
    SELECT *, (k.head || '1' || k.rest)::uuid AS invoice_id, (k.head || '2' || k.rest)::uuid AS line_id,
        (k.head || '3' || k.rest)::uuid AS attempt_id, (k.head || '4' || k.rest)::uuid AS charge_id,
        (k.head || '5' || k.rest)::uuid AS payment_id, (k.head || '6' || k.rest)::uuid AS term_id,
        (k.head || '7' || k.rest)::uuid AS issued_id, (k.head || '8' || k.rest)::uuid AS received_id,
        (k.head || '9' || k.rest)::uuid AS paid_id, (k.head || 'a' || k.rest)::uuid AS renewed_id,
        (k.head || 'b' || k.rest)::uuid AS outbox_id
    FROM due, LATERAL (
        SELECT lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7' AS head,
            substr(replace(tail::text, '-', ''), 15) AS rest
    ) AS k
), series AS (
    UPDATE billing_numberseries SET next_number = next_number + (SELECT count(*) FROM made)
    WHERE partner_id = %(partner)s AND series = 'INV'
), invoices AS (
    INSERT INTO billing_invoice (id, partner_id, series, number, kind, status, customer_id, subscription_id, term_number,
        period_starts_on, period_ends_on, currency, subtotal_amount, tax_amount, total_amount, credit_amount,
        paid_amount, reduced_amount, issued_on, issued_at, version)
    SELECT invoice_id, %(partner)s, 'INV', number, 'renewal', 'open', customer_id, subscription_id, term, %(starts_on)s,
        %(ends_on)s, currency, amount, 0, amount, 0, 0, 0, %(starts_on)s, %(now)s, 1
    FROM made
), lines AS (
    INSERT INTO billing_invoiceline (id, partner_id, invoice_id, position, kind, text, quantity, amount, tax_amount, taxes,
        period_starts_on, period_ends_on, derivation)
    SELECT line_id, %(partner)s, invoice_id, 1, 'plan', plan, quantity, amount, 0, '[]', %(starts_on)s, %(ends_on)s,
        jsonb_build_object('rule', 'price_for_period', 'inputs', jsonb_build_object('plan', plan, 'quantity', quantity::text,
            'price', round(amount / 100.0, 2) || ' ' || currency, 'from', %(starts_on)s::date, 'to', %(ends_on)s::date),
            'policy', '{}'::jsonb, 'parts', '[]'::jsonb)
    FROM made
), attempts AS (
    INSERT INTO billing_paymentattempt (id, partner_id, invoice_id, customer_id, subscription_id, ordinal, purpose, status,
        currency, amount, gateway, method_id, method_ref, method_text, gateway_id, decline_code, decline_kind, action_url,
        made_at, first_asked_at, due_at, attempts, last_error)
    SELECT attempt_id, %(partner)s, invoice_id, customer_id, subscription_id, 1, 'renewal', 'intent', currency, amount,
        'sandbox', method_id, gateway_ref, 'Visa 0001', '', '', '', '', %(now)s, clock_timestamp(), %(now)s, 1, ''
    FROM made
), charges AS (
    INSERT INTO billing_sandboxcharge (id, partner_id, key, customer, method, amount, currency, metadata, off_session, status,
        is_first, charged_at)
    SELECT charge_id, %(partner)s, attempt_id, customer_id, gateway_ref, amount, currency, jsonb_build_object('attempt',
        attempt_id, 'invoice', invoice_id, 'subscription', subscription_id, 'partner', %(partner)s::text), true, 'succeeded',
        false, clock_timestamp()
    FROM made
), payments AS (
    INSERT INTO billing_payment (id, partner_id, customer_id, invoice_id, attempt_id, source, currency, amount, gateway,
        gateway_id, method_text, note, received_on, recorded_at)
    SELECT payment_id, %(partner)s, customer_id, invoice_id, attempt_id, 'card', currency, amount, 'sandbox',
        'sbx_' || substr(charge_id::text, 1, 26), 'Visa 0001', '', %(starts_on)s, %(now)s
    FROM made
), terms AS (
    INSERT INTO subscriptions_term (id, partner_id, subscription_id, number, starts_on, ends_on, starts_at, ends_at,
        granted_days, granted_for, paid_elsewhere)
    SELECT term_id, %(partner)s, subscription_id, term, %(starts_on)s, %(ends_on)s, %(starts_at)s, %(ends_at)s, 0, '', 0
    FROM made
), events AS (
    INSERT INTO events_event (id, partner_id, kind, object_type, object_id, sequence, customer_id, action_id, occurred_at,
        recorded_at, actor_kind, request_id, data)
    SELECT id, %(partner)s, kind, object_type, object_id, sequence, customer_id, %(action)s, %(now)s, clock_timestamp(),
        'system', '', data
    FROM made, LATERAL (VALUES
        (issued_id, 'invoice.issued', 'invoice', invoice_id, 1, jsonb_build_object('subscription', subscription_id,
            'term', term)),
        (received_id, 'payment.received', 'payment', payment_id, 1, jsonb_build_object('subscription', subscription_id,
            'invoice', invoice_id, 'amount', jsonb_build_array(amount, currency), 'from', %(starts_on)s::date, 'on',
            %(ends_on)s::date)),
        (paid_id, 'invoice.paid', 'invoice', invoice_id, 2, '{}'),
        (renewed_id, 'subscription.renewed', 'subscription', subscription_id, version + 1, jsonb_build_object('term', term,
            'until', %(ends_on)s::date))
    ) AS said (id, kind, object_type, object_id, sequence, data)
), outbox AS (
    INSERT INTO events_outbox (id, partner_id, event_id, consumer, due_at, attempts, last_error)
    SELECT outbox_id, %(partner)s, received_id, 'messages', %(now)s, 0, '' FROM made
)
UPDATE subscriptions_subscription s SET version = s.version + 1, lifecycle = 'active', collection = 'current',
    reminded_on = NULL, renewal_waits = false, due_at = %(reminder_at)s
FROM made WHERE s.partner_id = %(partner)s AND s.id = made.subscription_id;

UPDATE billing_invoice SET status = 'paid', paid_amount = total_amount, paid_at = %(now)s, version = 2
WHERE partner_id = %(partner)s AND status = 'open';

UPDATE billing_paymentattempt a SET status = 'succeeded', gateway_id = p.gateway_id, settled_at = %(now)s, due_at = NULL
FROM billing_payment p
WHERE a.partner_id = %(partner)s AND a.due_at <= %(now)s AND p.partner_id = a.partner_id AND p.attempt_id = a.id;
