from django.contrib.admin.apps import AdminConfig


class OperatorAdminConfig(AdminConfig):
    """Django's admin with the operator's site as its default."""

    default_site = "partnerpanel.tenancy.operator.site.OperatorSite"
