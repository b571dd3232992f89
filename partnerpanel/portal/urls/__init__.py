"""Addresses of the portal, by what they are about."""

from django.urls import path

from partnerpanel.portal.urls import account, buying, entry, money, plan, support
from partnerpanel.portal.views.tls import AskTls

urlpatterns = [
    path("tls/ask", AskTls.as_view(), name="tls-ask"),
    *entry.urlpatterns,
    *buying.urlpatterns,
    *account.urlpatterns,
    *plan.urlpatterns,
    *money.urlpatterns,
    *support.urlpatterns,
]
