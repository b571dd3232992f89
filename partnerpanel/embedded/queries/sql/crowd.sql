-- The crowd: `size` says how many customers each partner gets. A customer's number modulo 100 decides its situation.
CREATE OR REPLACE FUNCTION pg_temp.id7(number bigint) RETURNS uuid LANGUAGE sql VOLATILE AS $$
    -- In the order of time like version 7, the rest at random.
    SELECT (lpad(to_hex(1750000000000 + number), 12, '0') || substr(replace(gen_random_uuid()::text, '-', ''), 13))::uuid
$$;
SELECT setseed(0.42);

CREATE TEMPORARY TABLE person AS
WITH words AS (
    SELECT regexp_split_to_array(%(given)s, '\s+') AS given, regexp_split_to_array(%(family)s, '\s+') AS family
), numbered AS (
    SELECT partner_id, n, n %% 100 AS kind FROM size, generate_series(1, customers) AS n
), named AS (
    SELECT partner_id, n, kind, given[1 + floor(random() * cardinality(given))::int] AS given,
        family[1 + floor(random() ^ 1.6 * cardinality(family))::int] AS family, chr(65 + (n / 7) %% 26) AS middle
    FROM numbered, words
)
SELECT pg_temp.id7(n) AS customer_id, pg_temp.id7(n) AS subscription_id, partner_id, n, kind,
    format('%%s %%s. %%s', given, middle, family) AS name, lower(format('%%s.%%s%%s@mail.example', given, family, n)) AS email,
    %(now)s::timestamptz - (n * 7919 %% 1576800) * interval '1 minute' AS registered_at
FROM named;

INSERT INTO subscriptions_product (id, partner_id, name, version) SELECT pg_temp.id7(1), partner_id, 'Streaming', 1 FROM size;
INSERT INTO subscriptions_plan (id, partner_id, product_id, name, interval_unit, interval_count, rank, allowances,
    version)
SELECT pg_temp.id7(k), p.partner_id, p.id, 'Plan ' || k, 'month', 1, k, '{}', 1
FROM subscriptions_product p JOIN size USING (partner_id), generate_series(1, 8) AS k;
INSERT INTO subscriptions_planprice (id, partner_id, plan_id, currency, amount)
SELECT pg_temp.id7(rank), partner_id, id, 'EUR', rank * 495 FROM subscriptions_plan JOIN size USING (partner_id);

INSERT INTO customers_customer (id, partner_id, name, name_key, email, email_key, country, region, locale, timezone, tax_id,
    tax_exempt_for, external_id, registered_at, version, is_active, is_expired, is_suspended, is_in_grace, is_cancelling, is_trialing,
    is_paused, is_banned)
SELECT customer_id, partner_id, name, lower(name), email, email, (ARRAY['DE', 'AT', 'CH', 'FR', 'NL'])[1 + n %% 5], '', 'en',
    'Europe/Berlin', '', '', 'C-' || n, registered_at, 1, kind NOT BETWEEN 80 AND 92, kind BETWEEN 80 AND 88,
    kind BETWEEN 87 AND 92, kind BETWEEN 93 AND 94, kind = 95, kind BETWEEN 96 AND 97, kind = 98, kind = 92
FROM person;

INSERT INTO subscriptions_subscription (id, partner_id, customer_id, plan_id, quantity, currency, price_amount,
    mrr_amount, price_is_agreed, lifecycle, collection, access, is_suspended, timezone, anchor_on, started_at, trial_ends_at, ended_at,
    cancel_at_period_end, auto_renew, paused_from, awaits_cut_over, external_id, version, attempts, last_error, renewal_waits,
    is_limited)
SELECT subscription_id, p.partner_id, customer_id, plan.id, 1 + n %% 3 / 2, 'EUR', plan.rank * 495,
    CASE WHEN kind BETWEEN 80 AND 86 OR kind BETWEEN 96 AND 98 THEN 0 ELSE plan.rank * 495 * (1 + n %% 3 / 2) END, false,
    CASE WHEN kind BETWEEN 80 AND 86 THEN 'ended' WHEN kind BETWEEN 96 AND 97 THEN 'trialing' ELSE 'active' END,
    CASE WHEN kind BETWEEN 93 AND 94 THEN 'grace' WHEN kind BETWEEN 87 AND 88 THEN 'delinquent' ELSE 'current' END,
    CASE WHEN kind BETWEEN 80 AND 92 THEN 'blocked' ELSE 'open' END, kind BETWEEN 87 AND 92, 'Europe/Berlin',
    registered_at::date, registered_at, CASE WHEN kind BETWEEN 96 AND 97 THEN %(now)s::timestamptz + interval '9 days' END,
    CASE WHEN kind BETWEEN 80 AND 86 THEN %(now)s::timestamptz - interval '40 days' END, kind = 95, true,
    CASE WHEN kind = 98 THEN %(now)s::timestamptz - interval '4 days' END, false, '', 1, 0, '', false, false
FROM person p JOIN subscriptions_plan plan ON plan.partner_id = p.partner_id AND plan.rank = 1 + n %% 8;
-- So many of forty have a second one, unless the first has ended.
INSERT INTO subscriptions_subscription (id, partner_id, customer_id, plan_id, quantity, currency, price_amount,
    mrr_amount, price_is_agreed, lifecycle, collection, access, is_suspended, timezone, anchor_on, started_at,
    cancel_at_period_end, auto_renew, awaits_cut_over, external_id, version, attempts, last_error, renewal_waits, is_limited)
SELECT pg_temp.id7(n), p.partner_id, customer_id, plan.id, 1, 'EUR', plan.rank * 495, plan.rank * 495, false, 'active', 'current', 'open',
    false, 'Europe/Berlin', registered_at::date, registered_at, false, true, false, '', 1, 0, '', false, false
FROM person p JOIN subscriptions_plan plan ON plan.partner_id = p.partner_id AND plan.rank = 1 + n %% 7
WHERE n * 7 %% 40 < %(second)s AND kind < 80;

INSERT INTO subscriptions_term (id, partner_id, subscription_id, number, starts_on, ends_on, starts_at, ends_at,
    granted_days, granted_for, paid_elsewhere)
SELECT pg_temp.id7(k), partner_id, id, k, %(now)s::date - 15 + 30 * (k - %(terms)s), %(now)s::date + 15 + 30 * (k - %(terms)s),
    %(now)s::timestamptz + interval '30 days' * (k - %(terms)s) - interval '15 days',
    %(now)s::timestamptz + interval '30 days' * (k - %(terms)s) + interval '15 days', 0, '', 0
FROM subscriptions_subscription JOIN size USING (partner_id), generate_series(1, %(terms)s) AS k;

INSERT INTO subscriptions_hold (id, partner_id, customer_id, subscription_id, kind, reason, placed_at, placed_action_id)
SELECT pg_temp.id7(n), partner_id, customer_id, CASE WHEN kind < 91 THEN subscription_id END,
    CASE WHEN kind < 89 THEN 'nonpayment' WHEN kind < 92 THEN 'manual' ELSE 'ban' END, 'as agreed', %(now)s::timestamptz - interval '9 days',
    pg_temp.id7(n)
FROM person WHERE kind BETWEEN 87 AND 92;

INSERT INTO subscriptions_serviceaccount (id, partner_id, subscription_id, username, password_sealed, password_number,
    password_pending, endpoint, desired, actual, version, attempts, last_error, terms, made_terms)
SELECT pg_temp.id7(1), partner_id, id, 'u' || substr(md5(id::text), 1, 10), '\x00', 1, false, '', state, state, 1, 0, '', '{}', '{}'
FROM subscriptions_subscription JOIN size USING (partner_id), LATERAL (SELECT CASE access WHEN 'open' THEN 'enabled' ELSE 'disabled' END AS state) AS s;

INSERT INTO customers_tag (id, partner_id, name)
SELECT pg_temp.id7(1), partner_id, name FROM size, unnest(ARRAY['club', 'key account', 'newsletter', 'reseller']) AS name;
INSERT INTO customers_customertag (id, partner_id, customer_id, tag_id)
SELECT pg_temp.id7(n), p.partner_id, customer_id, tag.id FROM person p JOIN customers_tag tag
    ON tag.partner_id = p.partner_id AND tag.name = (ARRAY['club', 'key account', 'newsletter', 'reseller'])[1 + n / 3 %% 4]
WHERE n %% 3 = 0;

INSERT INTO events_event (id, partner_id, kind, object_type, object_id, sequence, customer_id, action_id, occurred_at,
    recorded_at, actor_kind, request_id, data)
SELECT pg_temp.id7(n), partner_id, 'customer.created', 'customer', customer_id, 1, customer_id, pg_temp.id7(n),
    registered_at, registered_at, 'system', '', '{}'
FROM person;
