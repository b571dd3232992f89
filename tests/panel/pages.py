"""Every page that exists, by the name that its screenshots carry."""

from __future__ import annotations

# Before sign-in.
OUTSIDE = {
    "sign-in": "/accounts/login/",
    "password-reset": "/accounts/password/reset/",
}
# About the signed-in person.
ACCOUNT = {
    "two-factor": "/accounts/2fa/",
    "sessions": "/accounts/sessions/",
    "email": "/accounts/email/",
    "password": "/accounts/password/change/",
    "sign-out": "/accounts/logout/",
    "confirm-access": "/accounts/reauthenticate/",
}
# For operators.
OPERATOR = {"components": "/panel/components/"}
