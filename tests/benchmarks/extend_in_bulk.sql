-- What giving subscriptions ten days comes to, set by set: terms, states, versions, events with their words, outbox rows.
BEGIN;
CREATE OR REPLACE FUNCTION pg_temp.id7(number bigint) RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT (lpad(to_hex(1750000000000 + number), 12, '0') || substr(replace(gen_random_uuid()::text, '-', ''), 13))::uuid
$$;
CREATE TEMPORARY TABLE chosen ON COMMIT DROP AS
SELECT s.id, s.customer_id, s.version, pg_temp.id7(1) AS event_id FROM subscriptions_subscription s
WHERE s.partner_id = %(partner)s AND s.customer_id = ANY(%(customers)s::uuid[]) AND s.lifecycle <> 'ended'
ORDER BY s.id FOR UPDATE;

UPDATE subscriptions_term t SET ends_on = t.ends_on + 10, ends_at = t.ends_at + interval '10 days', granted_days = 10,
    granted_for = 'extended'
FROM chosen WHERE t.partner_id = %(partner)s AND t.subscription_id = chosen.id AND t.number = 2;
UPDATE subscriptions_subscription s SET version = s.version + 1, anchor_on = s.anchor_on + 10, reminded_on = NULL,
    collection = 'current', renewal_waits = false, due_at = %(now)s::timestamptz + interval '22 days'
FROM chosen WHERE s.partner_id = %(partner)s AND s.id = chosen.id;
INSERT INTO events_event (id, partner_id, kind, object_type, object_id, sequence, customer_id, action_id, occurred_at,
    recorded_at, actor_kind, request_id, data)
SELECT event_id, %(partner)s, 'subscription.extended', 'subscription', id, version + 1, customer_id, %(job)s,
    %(now)s::timestamptz, %(now)s, 'user', '',
    '{"asked": {"days": 10}, "term": 2, "ends": ["2026-05-01", "2026-05-11"], "days": 10, "on": "2026-05-11"}'::jsonb
FROM chosen;
INSERT INTO events_eventdetail (id, partner_id, event_id, values)
SELECT pg_temp.id7(1), %(partner)s, event_id, '{"note": "An outage of ours."}' FROM chosen;
INSERT INTO events_outbox (id, partner_id, event_id, consumer, due_at, attempts, last_error)
SELECT pg_temp.id7(1), %(partner)s, event_id, 'messages', %(now)s::timestamptz + interval '1 year', 0, '' FROM chosen;
COMMIT;
