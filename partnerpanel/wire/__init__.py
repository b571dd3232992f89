"""How rows look to programs: shapes, filters and pages, shared by the REST API and outgoing webhooks."""
