"""What programs can do to subscriptions and customers: each verb with a preview of it, through the panel's actions."""
