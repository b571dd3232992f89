"""Customers whose subscriptions had all ended before there were cases: theirs are looked at, too."""

from django.db import migrations

OPEN = """
INSERT INTO retention_retentioncase
    (id, partner_id, customer_id, due_at, attempts, last_error, warnings, opened_at, outcome, version)
SELECT gen_random_uuid(), s.partner_id, s.customer_id, max(s.ended_at), 0, '', 0, max(s.ended_at), '', 0
FROM subscriptions_subscription s
GROUP BY s.partner_id, s.customer_id
HAVING bool_and(s.ended_at IS NOT NULL)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0001_initial"),
        ("subscriptions", "0018_recurring"),
    ]

    operations = [migrations.RunSQL(OPEN, migrations.RunSQL.noop)]
