"""A passkey of the login page in software: a credential that its browser finds by itself (WebAuthn level 3)."""

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

from smartident_client import base64url
from smartident_client.authenticator import cbor, cose_key
from smartident_client.keys import Key

PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


@dataclass
class LoginPasskey:
    """One credential that its browser finds by itself. Its members say what it and its page claim to be."""

    key: Key = field(default_factory=Key.make)
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: str = ""
    origin: str = ""
    rp_id: str = ""
    flags: int = PRESENT | VERIFIED
    sign_count: int = 0
    aaguid: bytes = bytes(16)
    page: dict[str, object] = field(default_factory=dict)

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `credentials.create` gives, as `toJSON` writes it."""
        self.user_handle = options["user"]["id"]
        data = self._data(ATTESTED) + self.aaguid + struct.pack(">H", len(self.credential_id)) + self.credential_id
        attestation = {"fmt": "none", "attStmt": {}, "authData": data + cbor(cose_key(self.key))}
        response = {
            "clientDataJSON": self._client_data("webauthn.create", options["challenge"]),
            "attestationObject": base64url.encode(cbor(attestation)),
            "transports": ["internal", "hybrid"],
        }
        return self._credential(response)

    def get(self, options: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """What `credentials.get` gives, as `toJSON` writes it; `changes` spoil what was signed."""
        client_data, data = self._client_data("webauthn.get", options["challenge"]), self._data()
        signed = data + hashlib.sha256(base64url.decode(client_data)).digest()
        response = {
            "clientDataJSON": client_data,
            "authenticatorData": base64url.encode(data),
            "signature": base64url.encode(self.key.sign_as_made(signed)),
            "userHandle": self.user_handle,
        }
        return self._credential({**response, **changes})

    def _client_data(self, kind: str, challenge: str) -> str:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False, **self.page}
        return base64url.encode(json.dumps(said, separators=(",", ":")).encode())

    def _data(self, more: int = 0) -> bytes:
        rp_hash = hashlib.sha256(self.rp_id.encode()).digest()
        return rp_hash + struct.pack(">BI", self.flags | more, self.sign_count)

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        name = base64url.encode(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}, "response": response}
