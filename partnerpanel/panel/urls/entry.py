"""Where people come in, and what every page has."""

from django.urls import path

from partnerpanel.panel.component_page import components
from partnerpanel.panel.urls.at import AT
from partnerpanel.panel.views import (
    brand_files,
    credential_link,
    entry,
    home,
    palette,
    pay_link,
)

urlpatterns = [
    path("", entry.entry, name="entry"),
    path("panel/components/", components, name="components"),
    path("credentials/<str:partner>/", credential_link.CredentialLink.as_view(), name="credential-link"),
    path("pay/<str:partner>/", pay_link.PayLink.as_view(), name="pay-link"),
    path("pay/<str:partner>/confirm/", pay_link.PayConfirm.as_view(), name="pay-confirm"),
    path("pay/<str:partner>/confirm/<str:charge>/", pay_link.PayConfirmed.as_view(), name="pay-confirmed"),
    path("pay/<str:partner>/card/", pay_link.PayBack.as_view(), name="pay-back"),
    path("brand/<str:partner>/logo.png", brand_files.BrandLogo.as_view(), name="brand-logo"),
    path("brand/<str:partner>/look.css", brand_files.BrandLook.as_view(), name="brand-look"),
    path(AT, home.Home.as_view(), name="home"),
    path(AT + "palette/", palette.Palette.as_view(), name="palette"),
]
