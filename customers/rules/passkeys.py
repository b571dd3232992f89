"""What a device is asked for a passkey, and whether what it answers is right: WebAuthn, by the library `fido2`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    CollectedClientData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

T = TypeVar("T")

# The device asks for a finger, a face or a PIN, and keeps by itself for whom it signs.
RESIDENT, VERIFIED = ResidentKeyRequirement.REQUIRED, UserVerificationRequirement.REQUIRED
LONGEST_ANSWER = 20_000


class NotProved(Exception):
    """The answer isn't one to what was asked, or not by the key that it names."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a passkey works: the page's own scheme, host and port, such as `https://portal.example`, and its name."""

    origin: str
    host: str
    name: str

    def server(self) -> Fido2Server:
        return Fido2Server(
            PublicKeyCredentialRpEntity(id=self.host, name=self.name),
            attestation=AttestationConveyancePreference.NONE,
            verify_origin=lambda origin: origin == self.origin,
        )


@dataclass(frozen=True, slots=True)
class Person:
    """For whom a passkey is made: a handle that says nothing about them, and the name that their device shows."""

    handle: bytes
    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Made:
    """A new passkey's public half; `uses` as its device counts, 0 from one that does not."""

    credential_id: str
    credential: bytes
    uses: int


def asked_to_make(site: Site, person: Person, *, challenge: bytes, has: Sequence[str]) -> dict[str, Any]:
    """What the browser is given to make a passkey; a device that keeps one of `has` makes no second one."""
    options, _state = site.server().register_begin(
        PublicKeyCredentialUserEntity(id=person.handle, name=person.address, display_name=person.name),
        [PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=websafe_decode(one)) for one in has],
        resident_key_requirement=RESIDENT,
        user_verification=VERIFIED,
        challenge=challenge,
    )
    return dict(dict(options)["publicKey"])


def asked_to_prove(site: Site, *, challenge: bytes) -> dict[str, Any]:
    """What the browser is given to sign in. It names nobody: the device offers what it keeps."""
    options, _state = site.server().authenticate_begin(user_verification=VERIFIED, challenge=challenge)
    return dict(dict(options)["publicKey"])


def answer_of(text: str) -> dict[str, Any]:
    """The browser's answer as it came. Raises NotProved."""
    if len(text) > LONGEST_ANSWER:
        raise NotProved
    return _careful(lambda: dict(json.loads(text)))


def challenge_of(answer: Mapping[str, Any]) -> bytes:
    """What the device says it was asked. Raises NotProved."""
    return _careful(lambda: bytes(CollectedClientData(websafe_decode(answer["response"]["clientDataJSON"])).challenge))


def credential_of(answer: Mapping[str, Any]) -> str:
    """Which passkey the device says it used, in base64url. Raises NotProved."""
    return _careful(lambda: str(websafe_encode(AuthenticationResponse.from_dict(answer).raw_id)))


def made(site: Site, answer: Mapping[str, Any], *, challenge: bytes) -> Made:
    """The passkey that was made for this challenge, on this site. Raises NotProved."""

    def complete() -> Made:
        data = site.server().register_complete(_state(challenge), answer)
        credential = data.credential_data
        if credential is None:
            raise NotProved
        return Made(websafe_encode(credential.credential_id), bytes(credential), data.counter)

    return _careful(complete)


def proved(site: Site, answer: Mapping[str, Any], *, challenge: bytes, credential: bytes, uses: int) -> int:
    """How often the device has signed by now; raises NotProved.

    A device that counts, and has counted no further than we know of, was copied (WebAuthn §6.1.1); one that does not
    count says 0 each time.
    """

    def complete() -> int:
        known = AttestedCredentialData(credential)
        site.server().authenticate_complete(_state(challenge), [known], answer)
        counted = AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
        if (counted or uses) and counted <= uses:
            raise NotProved
        return counted

    return _careful(complete)


def _state(challenge: bytes) -> dict[str, Any]:
    return {"challenge": websafe_encode(challenge), "user_verification": VERIFIED}


def _careful(read: Callable[[], T]) -> T:
    """The answer is a stranger's: whatever is wrong with it, it proves nothing."""
    try:
        return read()
    except Exception as error:
        raise NotProved from error
