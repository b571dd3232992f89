"""What a customer has, and who looks after it."""

from django.urls import path

from partnerpanel.portal.urls.at import AT
from partnerpanel.portal.views import account, home, mails, passkeys

urlpatterns = [
    path(AT, home.Home.as_view(), name="portal-home"),
    path(AT + "account/", account.Account.as_view(), name="portal-account"),
    path(AT + "account/mails/", mails.Mails.as_view(), name="portal-mails"),
    path(AT + "unsubscribe/<str:token>/", mails.Unsubscribe.as_view(), name="portal-unsubscribe"),
    path(AT + "account/logins/", account.Invite.as_view(), name="portal-invite"),
    path(AT + "account/logins/<str:login>/remove/", account.RemoveLogin.as_view(), name="portal-login-remove"),
    path(AT + "account/logins/<str:login>/switch/", account.SwitchLogin.as_view(), name="portal-login-switch"),
    path(AT + "account/passkeys/", passkeys.Passkeys.as_view(), name="portal-passkeys"),
    path(AT + "account/passkeys/asked/", passkeys.AskToAdd.as_view(), name="portal-passkey-add"),
    path(AT + "account/passkeys/<str:passkey>/remove/", passkeys.Remove.as_view(), name="portal-passkey-remove"),
    path(AT + "account/sessions/<str:session>/end/", account.EndSession.as_view(), name="portal-session-end"),
    path(AT + "account/sessions/end/", account.EndAll.as_view(), name="portal-sessions-end"),
]
