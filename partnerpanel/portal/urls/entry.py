"""Getting in and out."""

from django.urls import path

from partnerpanel.portal.urls.at import AT
from partnerpanel.portal.views import entry, passkeys

urlpatterns = [
    path(AT + "sign-in/", entry.SignIn.as_view(), name="portal-sign-in"),
    path(AT + "sign-in/code/", entry.Code.as_view(), name="portal-code"),
    path(AT + "sign-in/link/", entry.Link.as_view(), name="portal-link"),
    path(AT + "sign-in/sso/", entry.HandedOver.as_view(), name="portal-sso"),
    path(AT + "sign-in/passkey/", passkeys.Enter.as_view(), name="portal-passkey-enter"),
    path(AT + "sign-in/passkey/asked/", passkeys.AskToProve.as_view(), name="portal-passkey-prove"),
    path(AT + "sign-out/", entry.SignOut.as_view(), name="portal-sign-out"),
]
