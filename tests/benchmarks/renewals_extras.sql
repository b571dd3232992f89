-- Each %(every)s-th of the partner's subscriptions has an add-on, each such customer a coupon for ever and a balance that lasts.
INSERT INTO subscriptions_addon (id, partner_id, product_id, name, kind, interval_unit, interval_count, rank, allowances, version)
SELECT %(addon)s, partner_id, id, 'Backup', 'recurring', 'month', 1, 0, '{}', 1
FROM subscriptions_product WHERE partner_id = %(partner)s ORDER BY id LIMIT 1;

INSERT INTO subscriptions_coupon (id, partner_id, code, code_key, name, kind, percent, currency, created_at, version)
VALUES (%(coupon)s, %(partner)s, 'LOYAL', 'loyal', '', 'percent', 10, '', %(now)s, 1);

CREATE TEMPORARY TABLE with_extras ON COMMIT DROP AS
SELECT id, customer_id, currency FROM (
    SELECT id, customer_id, currency, row_number() OVER (ORDER BY id) AS n
    FROM subscriptions_subscription WHERE partner_id = %(partner)s
) numbered WHERE n %% %(every)s = 0;

INSERT INTO subscriptions_subscriptionaddon (id, partner_id, subscription_id, addon_id, kind, quantity, currency, price_amount,
    interval_unit, interval_count, from_on, leaves, used, added_at)
SELECT gen_random_uuid(), %(partner)s, id, %(addon)s, 'recurring', 1, currency, 500, 'month', 1, '2026-01-31', false, 0, %(now)s
FROM with_extras;

INSERT INTO subscriptions_redemption (id, partner_id, coupon_id, customer_id, subscription_id, from_term, redeemed_at, withdrawn)
SELECT gen_random_uuid(), %(partner)s, %(coupon)s, customer_id, id, 1, %(now)s, false
FROM with_extras;

INSERT INTO billing_ledgerentry (id, partner_id, customer_id, currency, amount, balance_after, reason, entered_at)
SELECT gen_random_uuid(), %(partner)s, customer_id, currency, 400, 400, 'credited', %(now)s FROM with_extras;

INSERT INTO billing_balance (id, partner_id, customer_id, currency, amount)
SELECT gen_random_uuid(), %(partner)s, customer_id, currency, 400 FROM with_extras;
