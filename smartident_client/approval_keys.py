"""What the approval key signs: once that it belongs to this registration, then each decision."""

import json
from typing import Any, Protocol

from smartident_client import base64url
from smartident_client.answers import Registration
from smartident_client.keys import Key
from smartident_client.proof import compact_jws


class ApprovalKey(Protocol):
    """A key that works only after Face ID or fingerprint; a raw key or a WebAuthn credential."""

    def prove(self, registration: Registration, *, device_key: Key) -> dict[str, Any]:
        """Make the `approval_key` member that ends a registration."""

    def evidence(self, decision: bytes) -> dict[str, Any]:
        """Sign a decision: the `evidence` member of an approval."""

    def stored(self) -> dict[str, Any]:
        """Write the key down for the phone's own file."""


class RawApprovalKey:
    """The native app's kind: a key in the Secure Enclave or Keystore, its use bound to biometrics there."""

    def __init__(self, key: Key) -> None:
        self.key = key

    def prove(self, registration: Registration, *, device_key: Key) -> dict[str, Any]:
        """Sign this registration, its challenge and the device key: the approval key serves nobody else."""
        bound = (registration.registration_id, registration.challenge, device_key.thumbprint)
        message = ":".join(("smartident-approval-key", "v1", *bound))
        signature = base64url.encode(self.key.sign(message.encode()))
        return {"type": "jwk", "jwk": self.key.public_jwk(), "signature": signature}

    def evidence(self, decision: bytes) -> dict[str, Any]:
        """Sign the decision's bytes as a compact JWS."""
        header = {"typ": "smartident-approval+jws", "kid": self.key.thumbprint}
        return {"type": "jws", "jws": compact_jws(header, decision, self.key)}

    def stored(self) -> dict[str, Any]:
        """Write the key down."""
        return {"type": "jwk", "key": self.key.private_jwk()}


def decision_payload(*, statement: str, transfer_code: str, now: int) -> bytes:
    """Say what gets signed: what was shown, what was typed and what was decided."""
    payload = {
        "v": 1,
        "purpose": "smartident-approval",
        "decision": "approve",
        "statement": statement,
        "transfer_code": transfer_code,
        "iat": now,
    }
    return json.dumps(payload, separators=(",", ":")).encode()
