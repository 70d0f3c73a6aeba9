"""A WebAuthn authenticator in software: the PWA's kind of approval key, its user always verified."""

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass
from typing import Any

from smartident_client import base64url
from smartident_client.answers import Registration
from smartident_client.keys import Key

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
AAGUID = bytes(16)
CREDENTIAL_ID_BYTES = 32
NO_COUNTER = 0
"""As passkeys do: a credential that is synced cannot count its uses."""


@dataclass
class Authenticator:
    """One credential at one relying party; set `verifies` to False for a phone that skips the fingerprint."""

    key: Key
    origin: str
    rp_id: str = ""
    credential_id: bytes = b""
    verifies: bool = True

    def prove(self, registration: Registration, *, device_key: Key) -> dict[str, Any]:
        """Create the credential as the registration's options ask; its challenge already names the device key."""
        del device_key
        self.rp_id = registration.webauthn["rp"]["id"]
        self.credential_id = self.credential_id or secrets.token_bytes(CREDENTIAL_ID_BYTES)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._authenticator_data(creating=True)}
        response = {
            "clientDataJSON": self._client_data("webauthn.create", registration.webauthn["challenge"]),
            "attestationObject": base64url.encode(cbor(attestation)),
            "transports": ["internal"],
        }
        return {"type": "webauthn", "credential": self._credential(response)}

    def evidence(self, decision: bytes) -> dict[str, Any]:
        """Assert over the decision: the challenge is the hash of its base64url text."""
        payload = base64url.encode(decision)
        challenge = base64url.encode(hashlib.sha256(payload.encode("ascii")).digest())
        client_data = self._client_data("webauthn.get", challenge)
        seen = self._authenticator_data()
        signed = seen + hashlib.sha256(base64url.decode(client_data)).digest()
        response = {
            "clientDataJSON": client_data,
            "authenticatorData": base64url.encode(seen),
            "signature": base64url.encode(self.key.sign_as_made(signed)),
        }
        return {"type": "webauthn", "payload": payload, "assertion": self._credential(response)}

    def stored(self) -> dict[str, Any]:
        """Write the credential down."""
        return {
            "type": "webauthn",
            "key": self.key.private_jwk(),
            "origin": self.origin,
            "rp_id": self.rp_id,
            "credential_id": base64url.encode(self.credential_id),
        }

    def _client_data(self, kind: str, challenge: str) -> str:
        data = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return base64url.encode(json.dumps(data, separators=(",", ":")).encode())

    def _authenticator_data(self, *, creating: bool = False) -> bytes:
        flags = PRESENT | (VERIFIED if self.verifies else 0) | (ATTESTED if creating else 0)
        head = hashlib.sha256(self.rp_id.encode()).digest() + struct.pack(">BI", flags, NO_COUNTER)
        if not creating:
            return head
        name = struct.pack(">H", len(self.credential_id)) + self.credential_id
        return head + AAGUID + name + cbor(cose_key(self.key))

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        name = base64url.encode(self.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }


def cose_key(key: Key) -> dict[int, int | bytes]:
    """Write a public key as COSE does (RFC 9052): kty, alg, curve and coordinates."""
    jwk = key.public_jwk()
    x = base64url.decode(jwk["x"])
    if jwk["crv"] == "Ed25519":
        return {1: 1, 3: -8, -1: 6, -2: x}
    return {1: 2, 3: -7, -1: 1, -2: x, -3: base64url.decode(jwk["y"])}


def cbor(value: Any) -> bytes:
    """Write the little CBOR (RFC 8949) that an authenticator needs: integers, bytes, text and maps."""
    match value:
        case int():
            return _cbor_head(0, value) if value >= 0 else _cbor_head(1, -1 - value)
        case bytes():
            return _cbor_head(2, len(value)) + value
        case str():
            return _cbor_head(3, len(value.encode())) + value.encode()
        case dict():
            pairs = b"".join(cbor(name) + cbor(member) for name, member in value.items())
            return _cbor_head(5, len(value)) + pairs
    raise TypeError(f"no CBOR for {type(value).__name__}")


def _cbor_head(kind: int, size: int) -> bytes:
    for limit, (marker, form) in {24: (0, ""), 1 << 8: (24, ">B"), 1 << 16: (25, ">H")}.items():
        if size < limit:
            return bytes([kind << 5 | (marker or size)]) + (struct.pack(form, size) if form else b"")
    raise ValueError("too long for this authenticator")
