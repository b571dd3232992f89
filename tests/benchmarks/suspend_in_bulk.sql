-- What suspending customers comes to, set by set: holds, states, versions, events with their words and outbox rows.
BEGIN;
CREATE OR REPLACE FUNCTION pg_temp.id7(number bigint) RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT (lpad(to_hex(1750000000000 + number), 12, '0') || substr(replace(gen_random_uuid()::text, '-', ''), 13))::uuid
$$;
CREATE TEMPORARY TABLE chosen ON COMMIT DROP AS
SELECT id, version, pg_temp.id7(1) AS event_id FROM customers_customer
WHERE partner_id = %(partner)s AND id = ANY(%(customers)s::uuid[]) ORDER BY id FOR UPDATE;

INSERT INTO subscriptions_hold (id, partner_id, customer_id, kind, reason, placed_at, placed_action_id)
SELECT pg_temp.id7(1), %(partner)s, id, 'manual', %(reason)s, %(now)s, %(job)s FROM chosen;

CREATE TEMPORARY TABLE blocked ON COMMIT DROP AS
WITH changed AS (
    UPDATE subscriptions_subscription s SET access = 'blocked', is_suspended = true, version = s.version + 1 FROM chosen
    WHERE s.partner_id = %(partner)s AND s.customer_id = chosen.id RETURNING s.id, s.customer_id, s.version
)
SELECT *, pg_temp.id7(2) AS event_id FROM changed;
UPDATE customers_customer c SET version = c.version + 1, is_active = false, is_suspended = true FROM chosen
WHERE c.partner_id = %(partner)s AND c.id = chosen.id;

INSERT INTO events_event (id, partner_id, kind, object_type, object_id, sequence, customer_id, action_id, occurred_at,
    recorded_at, actor_kind, request_id, data)
SELECT event_id, %(partner)s, 'customer.suspended', 'customer', id, version + 1, id, %(job)s, %(now)s::timestamptz, %(now)s,
    'user', '', '{"placed": ["manual"], "released": [], "subscriptions": ["01a1f983-fcda-7249-8b53-f5d31e4cab23"]}'::jsonb
FROM chosen
UNION ALL
SELECT event_id, %(partner)s, 'subscription.access_changed', 'subscription', id, version, customer_id, %(job)s, %(now)s,
    %(now)s, 'user', '', '{"access": ["open", "blocked"], "service": ["enabled", "disabled"]}'
FROM blocked;
INSERT INTO events_eventdetail (id, partner_id, event_id, values)
SELECT pg_temp.id7(1), %(partner)s, event_id, jsonb_build_object('reason', %(reason)s) FROM chosen;
INSERT INTO events_outbox (id, partner_id, event_id, consumer, due_at, attempts, last_error)
SELECT pg_temp.id7(1), %(partner)s, event_id, 'messages', %(now)s::timestamptz + interval '1 year', 0, '' FROM chosen
UNION ALL
SELECT pg_temp.id7(1), %(partner)s, event_id, 'provisioning', %(now)s::timestamptz + interval '1 year', 0, '' FROM blocked;
COMMIT;
