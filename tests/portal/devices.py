"""A device that makes and uses passkeys, as a telephone does: keys of its own, a counter, and what it signs."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

ORIGIN = "http://testserver"
Flag = AuthenticatorData.FLAG
SEEN_AND_VERIFIED = Flag.UP | Flag.UV


@dataclass
class Device:
    """One passkey's device. `counts` is what it says when it signs: most say 0 each time."""

    counts: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(24))

    def make(self, asked: Mapping[str, Any], *, origin: str = ORIGIN, flags: Flag = SEEN_AND_VERIFIED) -> str:
        """What the browser sends for a passkey that was just made."""
        host = hashlib.sha256(asked["rp"]["id"].encode()).digest()
        key = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        credential = AttestedCredentialData.create(b"\0" * 16, self.id, key)
        data = AuthenticatorData.create(host, flags | Flag.AT, self.counts, credential)
        said = CollectedClientData.create("webauthn.create", asked["challenge"], origin)
        attested = AttestationObject.create("none", data, {})
        return self._sent(clientDataJSON=bytes(said), attestationObject=bytes(attested))

    def prove(
        self,
        asked: Mapping[str, Any],
        *,
        origin: str = ORIGIN,
        flags: Flag = SEEN_AND_VERIFIED,
        key: ec.EllipticCurvePrivateKey | None = None,
    ) -> str:
        """What the browser sends to sign in; signed with another key, it is a forgery."""
        host = hashlib.sha256(asked["rpId"].encode()).digest()
        data = AuthenticatorData.create(host, flags, self.counts)
        said = CollectedClientData.create("webauthn.get", asked["challenge"], origin)
        signature = (key or self.key).sign(bytes(data) + said.hash, ec.ECDSA(SHA256()))
        return self._sent(clientDataJSON=bytes(said), authenticatorData=bytes(data), signature=signature)

    def _sent(self, **response: bytes) -> str:
        name = websafe_encode(self.id)
        answer = {key: websafe_encode(value) for key, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": answer})


def challenge_in(asked: Mapping[str, Any]) -> bytes:
    return websafe_decode(asked["challenge"])
