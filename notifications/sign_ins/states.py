"""What a mailed sign-in is for."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class SignInKind(StrEnum):
    """`invitation` is sent by somebody else, so it is good for longer and has no code to type. `checkout` proves the
    address of who buys, and signs nobody in. `sso` is handed over by the partner's own site, which knows who it is."""

    SIGN_IN = "sign_in"
    INVITATION = "invitation"
    CHECKOUT = "checkout"
    SSO = "sso"


GOOD_FOR = {
    SignInKind.SIGN_IN: timedelta(minutes=10),
    SignInKind.INVITATION: timedelta(days=7),
    SignInKind.CHECKOUT: timedelta(minutes=30),
    SignInKind.SSO: timedelta(seconds=60),
}
TO_SIGN_IN = frozenset({SignInKind.SIGN_IN, SignInKind.INVITATION})
MAILED = frozenset(SignInKind) - {SignInKind.SSO}
TRIES = 5
CODE_LENGTH = 8
